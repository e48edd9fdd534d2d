import { queryOptions } from '@tanstack/react-query';
import { get } from './client';

export interface Known {
  name: string | null;
  pricedUntil: string | null;
  active: boolean;
}

/** Every symbol with its name and its newest price. */
export const knownSymbolsQuery = queryOptions({
  queryKey: ['known-symbols'],
  queryFn: async ({ signal }) => {
    const known = new Map<string, Known>();
    let cursor: string | undefined;
    do {
      const query = { fields: 'symbol,name,last_price_date,is_active', limit: 1000, cursor };
      const page = await get('/api/v1/symbols', { query, signal });
      for (const { symbol, name, last_price_date, is_active } of page.rows) {
        known.set(symbol, { name: name === symbol ? null : name, pricedUntil: last_price_date, active: is_active });
      }
      cursor = page.next ?? undefined;
    } while (cursor);
    return known;
  },
  staleTime: 5 * 60_000,
});
