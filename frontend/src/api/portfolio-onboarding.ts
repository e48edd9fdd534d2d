/** Symbols of a portfolio that are on their way in. */

import { queryOptions } from '@tanstack/react-query';
import { get } from './client';
import { isOpen, type Onboarding } from './onboarding';

const NEWEST = 500;
const POLL_MS = 2_000;

/** The newest job of each of some symbols; asked for often while one of them is under way. */
export const onTheirWayQuery = (symbols: readonly string[]) =>
  queryOptions({
    queryKey: ['onboarding', 'of', ...symbols],
    queryFn: async ({ signal }) => {
      const { rows } = await get('/api/v1/onboarding', { query: { limit: NEWEST }, signal });
      return newestOf(rows, symbols);
    },
    refetchInterval: (query) => (query.state.data?.some(isOpen) ? POLL_MS : false),
    staleTime: 0,
  });

/** One job a symbol, in the order of the symbols; rows come newest first. */
export function newestOf(rows: readonly Onboarding[], symbols: readonly string[]): Onboarding[] {
  return symbols.flatMap((symbol) => rows.find((row) => row.symbol === symbol) ?? []);
}
