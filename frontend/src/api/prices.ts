/** The prices of a symbol. */

import { queryOptions } from '@tanstack/react-query';
import { type Answer, get } from './client';

export type Prices = Answer<'/api/v1/symbols/{symbol}/prices'>;
export type Bar = Prices['rows'][number];

const MOST = 10_000;

/** All prices, only what a chart draws. */
export const pricesQuery = (symbol: string) =>
  queryOptions({
    queryKey: ['prices', symbol],
    queryFn: ({ signal }) =>
      get('/api/v1/symbols/{symbol}/prices', {
        path: { symbol },
        query: { limit: MOST, fields: 'date,open,high,low,close,adj_close,volume' },
        signal,
      }),
    staleTime: 5 * 60_000,
  });

/** The bars that a figure of a session was taken from: whole rows, with who gave them and when. */
export const windowQuery = (symbol: string, to: string, bars: number) =>
  queryOptions({
    queryKey: ['prices', symbol, to, bars],
    queryFn: ({ signal }) =>
      get('/api/v1/symbols/{symbol}/prices', { path: { symbol }, query: { to, limit: bars }, signal }),
    staleTime: 5 * 60_000,
  });

/** What a bar's return is counted with: adjusted where the source tells both apart. */
export function adjusted(bar: Pick<Bar, 'close' | 'adj_close'>): number {
  return bar.adj_close ?? bar.close;
}
