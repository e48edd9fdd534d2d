/** Symbols: what is known of them, and what their ranks are made of. */

import { queryOptions } from '@tanstack/react-query';
import { type Answer, get } from './client';

export type Symbol = Answer<'/api/v1/symbols/{symbol}'>;
export type Standing = Symbol['boards'][number];
export type Declaration = Standing['factors'][string];

export const symbolQuery = (symbol: string, on?: string) =>
  queryOptions({
    queryKey: ['symbol', symbol, on],
    queryFn: ({ signal }) => get('/api/v1/symbols/{symbol}', { path: { symbol }, query: { on }, signal }),
  });

/** The sector of every symbol that has one. */
export const sectorsQuery = queryOptions({
  queryKey: ['sectors'],
  queryFn: async ({ signal }) => {
    const sectors = new Map<string, string>();
    for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
      const page = await get('/api/v1/symbols', { query: { fields: 'symbol,sector', limit: 1000, cursor }, signal });
      for (const { symbol, sector } of page.rows) if (sector) sectors.set(symbol, sector);
      cursor = page.next ?? undefined;
    }
    return sectors;
  },
  staleTime: 30 * 60_000,
});

export const factorsQuery = queryOptions({
  queryKey: ['factors'],
  queryFn: ({ signal }) => get('/api/v1/factors', { signal }),
  staleTime: 30 * 60_000,
});

