/** Portfolios: what they hold, what they are worth and how they did. */

import { queryOptions } from '@tanstack/react-query';
import { get, send } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];
export type Portfolio = Schemas['PortfoliosBody']['rows'][number];
export type LeftOut = Portfolio['left_out'][number];
export type Snapshot = Schemas['SnapshotBody'];
export type Month = Snapshot['months'][number];
export type StressResult = Snapshot['stress'][number];
export type Series = Schemas['SeriesBody'];
export type Session = Series['rows'][number];
export type Position = Schemas['PositionsBody']['rows'][number];

const PAGE = 200;
const WAITING_MS = 4_000;

/** Whether holdings are left out that will have prices by themselves. */
export const isWaiting = (one: { left_out: LeftOut[] } | undefined): boolean =>
  one?.left_out.some((each) => each.reason === 'pending') ?? false;

type Waits = { state: { data?: { left_out: LeftOut[] } | undefined } };
const whileWaiting = (query: Waits): number | false => (isWaiting(query.state.data) ? WAITING_MS : false);

/** Every portfolio that one may see, by name. */
export const portfoliosQuery = queryOptions({
  queryKey: ['portfolios'],
  queryFn: async ({ signal }) => {
    const first = await get('/api/v1/portfolios', { query: { limit: PAGE }, signal });
    const rows = [...first.rows];
    for (let cursor = first.next; cursor; ) {
      const page = await get('/api/v1/portfolios', { query: { limit: PAGE, cursor }, signal });
      rows.push(...page.rows);
      cursor = page.next;
    }
    return { ...first, rows };
  },
  refetchInterval: (query) => (query.state.data?.rows.some(isWaiting) ? WAITING_MS : false),
});

export const portfolioQuery = (id: string) =>
  queryOptions({
    queryKey: ['portfolio', id, 'snapshot'],
    queryFn: ({ signal }) => get('/api/v1/portfolios/{portfolio_id}/snapshot', { path: { portfolio_id: id }, signal }),
    refetchInterval: whileWaiting,
  });

export const seriesQuery = (id: string) =>
  queryOptions({
    queryKey: ['portfolio', id, 'series'],
    queryFn: ({ signal }) => get('/api/v1/portfolios/{portfolio_id}/series', { path: { portfolio_id: id }, signal }),
  });

export const positionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['portfolio', id, 'positions'],
    queryFn: ({ signal }) => get('/api/v1/portfolios/{portfolio_id}/positions', { path: { portfolio_id: id }, signal }),
  });

export interface NewPortfolio {
  name: string;
  base_currency: string;
  benchmark: string | null;
}

export const makePortfolio = (body: NewPortfolio) => send('post', '/api/v1/portfolios', { body });

export interface PortfolioChange {
  id: string;
  name?: string;
  base_currency?: string;
  benchmark?: string | null;
}

export const changePortfolio = ({ id, ...body }: PortfolioChange) =>
  send('patch', '/api/v1/portfolios/{portfolio_id}', { path: { portfolio_id: id }, body });

export const removePortfolio = (id: string) =>
  send('delete', '/api/v1/portfolios/{portfolio_id}', { path: { portfolio_id: id } });

export interface PositionEdit {
  id: string;
  position: string;
  stop_loss: string | null;
  target: string | null;
  note: string | null;
}

export const editPosition = ({ id, position, ...body }: PositionEdit) =>
  send('patch', '/api/v1/portfolios/{portfolio_id}/positions/{position_id}', {
    path: { portfolio_id: id, position_id: position },
    body,
  });

/** What a change of trades touches: every figure of the portfolio, and the list. */
export const TOUCHED = ['portfolio', 'portfolios', 'onboarding'] as const;
