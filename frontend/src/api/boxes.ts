/** Boxes: the leaderboard, one box, the market of all, and what people enter. */

import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Answer, get, send } from './client';
import type { components, operations } from './schema';

type Schemas = components['schemas'];
export type Boxes = Answer<'/api/v1/boxes'>;
/** What a leaderboard can be sorted by. */
export type BoxSort = NonNullable<NonNullable<operations['boxes_read_boxes']['parameters']['query']>['sort']>;
export type Box = Schemas['BoxItem'];
export type BoxFacts = Schemas['FactsItem'];
export type BoxDetail = Answer<'/api/v1/boxes/{symbol}'> & {
  /** The joined box that was asked for. */
  asked_for?: string | null;
};
export type BoxMarket = Answer<'/api/v1/boxes/market'>;
export type MarketDay = BoxMarket['rows'][number];
export type Movers = BoxMarket['movers'][number];
export type BoxPoint = Answer<'/api/v1/boxes/{symbol}/series'>['rows'][number];
export type BoxRecord = Schemas['RecordItem'];

const PAGE = 100;
const RECORDS = 30;
const LINE_POINTS = 60;
/** What changes with a box's figures or facts, by the first word of its key. */
export const TOUCHED = ['boxes', 'changes', 'change', 'leaders', 'domains', 'known-symbols'];

export interface BoxesAsked {
  on?: string;
  sort: BoxSort;
  order: 'asc' | 'desc';
  game?: string;
  search?: string;
}

/** The leaderboard, a page behind the other. */
export const boxesQuery = (asked: BoxesAsked) =>
  infiniteQueryOptions({
    queryKey: ['boxes', 'board', asked],
    queryFn: ({ signal, pageParam }) =>
      get('/api/v1/boxes', { query: { ...asked, limit: PAGE, cursor: pageParam ?? undefined }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  });

/** Every row of a leaderboard, for a file. */
export async function fetchBoxes(asked: BoxesAsked): Promise<Box[]> {
  const rows: Box[] = [];
  let cursor: string | undefined;
  do {
    const page: Boxes = await get('/api/v1/boxes', { query: { ...asked, limit: PAGE, cursor } });
    rows.push(...page.rows);
    cursor = page.next ?? undefined;
  } while (cursor);
  return rows;
}

/** The first of the leaderboard. */
export const firstBoxesQuery = queryOptions({
  queryKey: ['boxes', 'first'],
  queryFn: ({ signal }) => get('/api/v1/boxes', { query: { limit: 3 }, signal }),
});

/** The index up to a day, and the movers of that day; without one, of all days there are. */
export const boxMarketQuery = (to?: string) =>
  queryOptions({
    queryKey: ['boxes', 'market', to],
    queryFn: ({ signal }) => get('/api/v1/boxes/market', { query: { to }, signal }),
    placeholderData: keepPreviousData,
  });

/** The floor prices of boxes up to a day, by symbol. */
export const floorLinesQuery = (on: string | undefined, symbols: string[]) =>
  queryOptions({
    queryKey: ['boxes', 'lines', on, symbols],
    queryFn: async ({ signal }) => {
      const query = { on, symbols: symbols.join(','), points: LINE_POINTS };
      const { rows } = await get('/api/v1/boxes/sparklines', { query, signal });
      return new Map(rows.map((row) => [row.symbol, row.dates.map((date, i) => ({ date, value: row.values[i] ?? null }))]));
    },
    enabled: symbols.length > 0,
  });

export const boxQuery = (symbol: string, on?: string) =>
  queryOptions({
    queryKey: ['boxes', 'box', symbol, on],
    queryFn: ({ signal }) => get('/api/v1/boxes/{symbol}', { path: { symbol }, query: { on }, signal }),
    placeholderData: keepPreviousData,
  });

const DRAWN = 'floor_price_usd,daily_volume_usd,unified_volume_7d_ema,active_listings_count,rank';

export const boxSeriesQuery = (symbol: string) =>
  queryOptions({
    queryKey: ['boxes', 'series', symbol],
    queryFn: ({ signal }) =>
      get('/api/v1/boxes/{symbol}/series', { path: { symbol }, query: { measure: DRAWN, limit: 10_000 }, signal }),
  });

export const boxRecordsQuery = (symbol: string) =>
  infiniteQueryOptions({
    queryKey: ['boxes', 'records', symbol],
    queryFn: ({ signal, pageParam }) =>
      get('/api/v1/boxes/{symbol}/observations', {
        path: { symbol },
        query: { limit: RECORDS, cursor: pageParam ?? undefined },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next ?? undefined,
  });

export interface DayEntered extends Partial<Schemas['DayAsked']> {
  symbol: string;
  day: string;
}

export const enterBoxDay = ({ symbol, day, ...body }: DayEntered) =>
  send('put', '/api/v1/boxes/{symbol}/observations/{day}', { path: { symbol, day }, body: { confirm: false, ...body } });

export const changeBox = ({ symbol, changes }: { symbol: string; changes: Schemas['FactsAsked'] }) =>
  send('patch', '/api/v1/boxes/{symbol}', { path: { symbol }, body: changes });
