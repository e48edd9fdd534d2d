/** Why ranks moved. */

import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Answer, get } from './client';

export type Changes = Answer<'/api/v1/movers'>['rows'][number];
export type Change = Changes['rows'][number];
export type OneChange = Answer<'/api/v1/changes/{symbol}'>;
export type BaseRate = NonNullable<OneChange['base_rate']>;

/** The movers of a board, or of all but those of boxes, up to a session, most places first. */
export const moversQuery = (board: string | undefined, on?: string, top = 40) =>
  queryOptions({
    queryKey: ['changes', board, on, top],
    queryFn: async ({ signal }): Promise<Changes[]> => {
      if (!board) return (await get('/api/v1/movers', { query: { to: on, top }, signal })).rows;
      const { first, ...rest } = await get('/api/v1/changes', { query: { board, to: on, top }, signal });
      return first === null ? [] : [{ ...rest, first }]; // null: its first session, compared with none
    },
    staleTime: 5 * 60_000,
  });

export const changeQuery = (symbol: string, board: string, from?: string, to?: string) =>
  queryOptions({
    queryKey: ['change', symbol, board, from, to],
    queryFn: ({ signal }) => get('/api/v1/changes/{symbol}', { path: { symbol }, query: { board, from, to }, signal }),
    staleTime: 5 * 60_000,
    placeholderData: keepPreviousData,
  });
