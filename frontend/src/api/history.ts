/** Published ranks over time. */

import { queryOptions } from '@tanstack/react-query';
import { get } from './client';

const ROWS = 10_000;
const FIELDS = 'date,board,slug,rank,rank_change,previous_on,score,unranked_reason';

export const historyQuery = (ticker: string) =>
  queryOptions({
    queryKey: ['history', ticker],
    queryFn: ({ signal }) => get('/api/v1/history/{ticker}', { path: { ticker }, query: { limit: ROWS, fields: FIELDS }, signal }),
  });

/** A symbol's ranks on one board, only what lines are drawn of. */
export const linesQuery = (ticker: string, board: string) =>
  queryOptions({
    queryKey: ['history', ticker, board],
    queryFn: ({ signal }) =>
      get('/api/v1/history/{ticker}', {
        path: { ticker },
        query: { board, limit: ROWS, fields: 'date,rank,score' },
        signal,
      }),
    staleTime: 5 * 60_000,
  });
