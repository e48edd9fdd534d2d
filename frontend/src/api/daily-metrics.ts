/** The day's figures of symbols: all of them, a page behind the other, or of one. */

import { infiniteQueryOptions, queryOptions, useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { get } from './client';
import type { components } from './schema';

export type Metrics = components['schemas']['MetricsFields'];

const PAGE = 1000;

/** Whether there are figures at all: a symbol is asked for only then. */
export const anyMetricsQuery = queryOptions({
  queryKey: ['daily-metrics', 'any'],
  queryFn: ({ signal }) => get('/api/v1/daily-metrics', { query: { limit: 1 }, signal }),
});

export const symbolMetricsQuery = (symbol: string) =>
  queryOptions({
    queryKey: ['daily-metrics', 'of', symbol],
    queryFn: ({ signal }) => get('/api/v1/daily-metrics/{symbol}', { path: { symbol }, signal }),
  });

const allMetricsQuery = infiniteQueryOptions({
  queryKey: ['daily-metrics', 'all'],
  queryFn: ({ signal, pageParam }) =>
    get('/api/v1/daily-metrics', { query: { limit: PAGE, cursor: pageParam }, signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last) => last.next,
});

export interface AllMetrics {
  /** The rows that are here. */
  rows: Metrics[] | undefined;
  count: number;
  asOf: string | null;
  /** Sessions that the figures are behind. */
  behind: number;
  /** Whether rows are still to come. */
  growing: boolean;
  error: Error | null;
  again: () => void;
}

/** The figures of every symbol; they grow page by page until `growing` is false. */
export function useAllMetrics(): AllMetrics {
  const { data, hasNextPage, isFetching, isPending, error, fetchNextPage, refetch } = useInfiniteQuery(allMetricsQuery);
  useEffect(() => {
    if (hasNextPage && !isFetching && !error) void fetchNextPage();
  }, [data, hasNextPage, isFetching, error, fetchNextPage]);
  const rows = useMemo(() => data?.pages.flatMap((page) => page.rows), [data]);
  const last = data?.pages.at(-1);
  return {
    rows,
    count: last?.count ?? 0,
    asOf: last?.as_of ?? null,
    behind: last?.stale_sessions ?? 0,
    growing: isPending || hasNextPage,
    error,
    again: () => void refetch(),
  };
}
