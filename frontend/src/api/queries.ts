/** What the pages ask for, under the keys that it is kept by. */

import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Answer, get } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];
export type Row = Schemas['RowItem'];
export type Factor = Schemas['FactorItem'];
export type Interval = Schemas['IntervalItem'];
export type Trend = Schemas['TrendItem'];
export type Domain = Schemas['DomainItem'];
export type Leader = Schemas['LeaderItem'];
export type Best = Schemas['BestItem'];
export type Board = Schemas['BoardBody'];
export type HistoryRow = Schemas['HistoryItem'];
export type Ready = Answer<'/api/v1/health/ready'>;
/** What every answer says of its own freshness. */
export type Fresh = Pick<Ready, 'as_of' | 'expected_session' | 'fresh_until' | 'stale' | 'stale_sessions' | 'simulated' | 'source'>;

const MINUTE = 60_000;

export const readyQuery = queryOptions({
  queryKey: ['ready'],
  queryFn: ({ signal }) => get('/api/v1/health/ready', { signal }),
  refetchInterval: (query) => (query.state.error ? 5_000 : MINUTE),
});

export const domainsQuery = queryOptions({
  queryKey: ['domains'],
  queryFn: ({ signal }) => get('/api/v1/domains', { signal }),
});

export const leadersQuery = (on?: string) =>
  queryOptions({
    queryKey: ['leaders', on],
    queryFn: ({ signal }) => get('/api/v1/rankings', { query: { on }, signal }),
    placeholderData: keepPreviousData,
  });
