/** Signals, what they come to, and who waits in the research queue. */

import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Answer, get } from './client';

export type Signal = Answer<'/api/v1/signals'>['rows'][number];
export type SignalRules = Answer<'/api/v1/signals/rules'>;
export type SignalRule = SignalRules['rows'][number];
export type Converged = Answer<'/api/v1/convergence'>['rows'][number];
export type Convergence = Answer<'/api/v1/convergence/{symbol}'>;
export type QueueEntry = Answer<'/api/v1/research-queue'>['rows'][number];

const PAGE = 100;

export interface SignalsAsked {
  on?: string;
  symbol?: string;
  type?: string;
  days?: number;
}

export const signalsQuery = ({ on, symbol, type, days = 30 }: SignalsAsked) =>
  infiniteQueryOptions({
    queryKey: ['desk', 'signals', on, symbol, type, days],
    queryFn: ({ pageParam, signal }) => get('/api/v1/signals', { query: { on, symbol, type, days, limit: PAGE, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });

export const signalRulesQuery = queryOptions({
  queryKey: ['signal-rules'],
  queryFn: ({ signal }) => get('/api/v1/signals/rules', { signal }),
  staleTime: Infinity,
});

export const convergencesQuery = infiniteQueryOptions({
  queryKey: ['desk', 'convergences'],
  queryFn: ({ pageParam, signal }) => get('/api/v1/convergence', { query: { limit: PAGE, cursor: pageParam }, signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
});

export const convergenceQuery = (symbol: string, on?: string) =>
  queryOptions({
    queryKey: ['desk', 'convergence', symbol, on],
    queryFn: ({ signal }) => get('/api/v1/convergence/{symbol}', { path: { symbol }, query: { on }, signal }),
  });

export const queueQuery = (state: 'open' | 'left') =>
  queryOptions({
    queryKey: ['desk', 'queue', state],
    queryFn: ({ signal }) => get('/api/v1/research-queue', { query: { state, limit: 200 }, signal }),
  });

export const queueHistoryQuery = (symbol: string) =>
  queryOptions({
    queryKey: ['desk', 'queue', 'of', symbol],
    queryFn: ({ signal }) => get('/api/v1/research-queue/{symbol}', { path: { symbol }, signal }),
  });

export type Opinion = Answer<'/api/v1/analyses'>['rows'][number];

/** What the analysts said of a symbol last, up to a day where one is given. */
export const opinionsQuery = (symbol: string, on?: string) =>
  queryOptions({
    queryKey: ['desk', 'opinions', symbol, on],
    queryFn: ({ signal }) => get('/api/v1/analyses', { query: { symbol, on }, signal }),
  });
