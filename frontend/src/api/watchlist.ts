/** What is watched for, and the facts that conditions speak of. */

import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Answer, get, send } from './client';

export type Watch = Answer<'/api/v1/watchlist'>['rows'][number];
export type Trial = NonNullable<Watch['would_have']>;
export type Fact = Answer<'/api/v1/facts'>['rows'][number];
export type FactValue = Answer<'/api/v1/facts/{symbol}'>['rows'][number];

export const TOUCHED = ['desk', 'watch'] as const;
/** What is gone is not asked for again. */
export const TOUCHED_BY_REMOVAL = ['desk'] as const;

export const watchlistQuery = (symbol?: string) =>
  queryOptions({
    queryKey: ['desk', 'watchlist', symbol],
    queryFn: ({ signal }) => get('/api/v1/watchlist', { query: { symbol }, signal }),
  });

/** One entry, with how often it would have fired. */
export const watchQuery = (id: string) =>
  queryOptions({
    queryKey: ['watch', id],
    queryFn: ({ signal }) => get('/api/v1/watchlist/{watch_id}', { path: { watch_id: id }, signal }),
  });

export const factsQuery = queryOptions({
  queryKey: ['facts'],
  queryFn: ({ signal }) => get('/api/v1/facts', { signal }),
  staleTime: Infinity,
});

/** The present values of a symbol's facts. */
export const symbolFactsQuery = (symbol: string) =>
  queryOptions({
    queryKey: ['desk', 'facts', symbol],
    queryFn: ({ signal }) => get('/api/v1/facts/{symbol}', { path: { symbol }, signal }),
    placeholderData: keepPreviousData,
    retry: false,
  });

export interface WatchGiven {
  symbol: string;
  condition: string;
  thesis: string | null;
  expires_on: string;
  hysteresis_pct: number;
  cool_down_days: number;
}

export const addWatch = (body: WatchGiven) => send('post', '/api/v1/watchlist', { body });

export type WatchChange = Partial<Omit<WatchGiven, 'symbol'>> & { id: string; holds?: boolean; reason?: string };

export const changeWatch = ({ id, ...body }: WatchChange) => send('patch', '/api/v1/watchlist/{watch_id}', { path: { watch_id: id }, body });

export const removeWatch = (id: string) => send('delete', '/api/v1/watchlist/{watch_id}', { path: { watch_id: id } });

export const tryWatch = (body: Pick<WatchGiven, 'symbol' | 'condition' | 'hysteresis_pct' | 'cool_down_days'>) =>
  send('post', '/api/v1/watchlist/try', { body });
