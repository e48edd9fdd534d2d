/** A board whole: its first page at once, the others behind it. */

import { infiniteQueryOptions, type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { get } from './client';
import type { Board } from './queries';

/** Rows of every page after the first; the first is the one that the server keeps warm. */
const PAGE = 1000;

export const boardQuery = (board: string, on?: string, method?: string) =>
  infiniteQueryOptions({
    queryKey: ['board', board, on, method],
    queryFn: ({ signal, pageParam }) =>
      get('/api/v1/rankings/{board}', {
        path: { board },
        query: pageParam ? { on: pageParam.on, method, limit: PAGE, cursor: pageParam.next } : { on, method },
        signal,
      }),
    initialPageParam: null as { on?: string; next: string } | null,
    // The pages that follow are of the session that the first one showed, whatever is published meanwhile.
    getNextPageParam: (last) => (last.next ? { on: last.as_of ?? undefined, next: last.next } : undefined),
    // Another date of the same board may show the old rows meanwhile; another board may not.
    placeholderData: (before, query) => (query?.queryKey[1] === board ? before : undefined),
  });

export interface WholeBoard {
  /** The board with all rows that are here. */
  board: Board | undefined;
  /** Whether rows are still to come. */
  growing: boolean;
  fading: boolean;
  isPending: boolean;
  error: Error | null;
  again: () => void;
}

/** All rows of a board; they grow page by page until `growing` is false. */
export function useBoard(slug: string, on?: string, method?: string): WholeBoard {
  const options = boardQuery(slug, on, method);
  const asked = useInfiniteQuery(options);
  const client = useQueryClient();
  const { hasNextPage, isFetching, isPlaceholderData, error, data, fetchNextPage } = asked;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isPlaceholderData && !error) void fetchNextPage();
  }, [data, hasNextPage, isFetching, isPlaceholderData, error, fetchNextPage]);
  const torn = data !== undefined && !isFetching && isTorn(data);
  useEffect(() => {
    if (torn) void client.resetQueries({ queryKey: ['board', slug, on, method], exact: true });
  }, [torn, client, slug, on, method]);
  const board = useMemo(() => data && joinPages(data), [data]);
  return {
    board,
    growing: asked.isPending || hasNextPage || isPlaceholderData,
    fading: isPlaceholderData,
    isPending: asked.isPending,
    error,
    again: () => void asked.refetch(),
  };
}

/** One board of all its pages. */
export function joinPages({ pages }: InfiniteData<Board>): Board | undefined {
  const [first] = pages;
  if (!first || pages.length === 1) return first;
  return { ...first, next: pages.at(-1)?.next ?? null, rows: pages.flatMap((page) => page.rows) };
}

/** Whether the board was published again between two pages, so that they do not belong together. */
export function isTorn({ pages }: InfiniteData<Board>): boolean {
  if (pages[0]?.origin !== 'published') return false; // computed for every answer anew, from the same prices
  return pages.some((page) => page.computed_at !== pages[0]?.computed_at || page.method !== pages[0].method);
}
