/** Texts of research, news, insiders, earnings and people: what opinions rest on besides figures. */

import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import { type Answer, get } from './client';

export type Text = Answer<'/api/v1/texts'>['rows'][number];
export type TextKind = 'research' | 'news' | 'insider' | 'earnings' | 'manual' | 'macro' | 'general';
export const TEXT_KINDS: readonly TextKind[] = ['research', 'news', 'insider', 'earnings', 'manual', 'macro', 'general'];

const PAGE = 20;

/** Newest first: of a symbol, of a kind, or all. */
export const textsQuery = ({ symbol, kind }: { symbol?: string; kind?: TextKind | undefined }) =>
  infiniteQueryOptions({
    queryKey: ['desk', 'texts', symbol, kind],
    queryFn: ({ pageParam, signal }) => get('/api/v1/texts', { query: { symbol, kind, limit: PAGE, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
