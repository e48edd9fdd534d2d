/** The trades of a portfolio. */

import { infiniteQueryOptions } from '@tanstack/react-query';
import { get, send } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];
export type Trade = Schemas['TradesBody']['rows'][number];
export type Action = Trade['action'];

const PAGE = 100;
const MOST = 1000;

const ask = (id: string, limit: number, cursor: string | null, signal: AbortSignal) =>
  get('/api/v1/portfolios/{portfolio_id}/trades', { path: { portfolio_id: id }, query: { limit, cursor: cursor ?? undefined }, signal });

/** Newest first, a page at a time. */
export const tradesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['portfolio', id, 'trades'],
    queryFn: ({ signal, pageParam }) => ask(id, PAGE, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next ?? undefined,
  });

/** All of them, for a file. */
export async function fetchTrades(id: string, signal = new AbortController().signal): Promise<Trade[]> {
  const rows: Trade[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof ask>> = await ask(id, MOST, cursor, signal);
    rows.push(...page.rows);
    cursor = page.next;
  } while (cursor);
  return rows;
}

export interface NewTrade {
  id: string;
  action: Action;
  symbol: string | null;
  quantity: string | null;
  price: string | null;
  amount: string | null;
  commission: string;
  currency: string | null;
  traded_on: string;
  note: string | null;
  /** Sent again with the same key, it is kept once. */
  key: string;
}

export const addTrade = ({ id, key, ...body }: NewTrade) =>
  send('post', '/api/v1/portfolios/{portfolio_id}/trades', { path: { portfolio_id: id }, body, key });

export const removeTrade = ({ id, trade }: { id: string; trade: string }) =>
  send('delete', '/api/v1/portfolios/{portfolio_id}/trades/{trade_id}', { path: { portfolio_id: id, trade_id: trade } });
