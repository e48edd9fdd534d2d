/** Symbols that were asked for, and how far each is on its way in. */

import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import { get, send } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];
export type Onboarding = Schemas['OnboardingItem'];
export type Status = Onboarding['status'];
export type Priority = Onboarding['priority'];

const PAGE = 50;
const POLL_MS = 2_000;
const CALM_MS = 30_000;

export const isOpen = (job: Pick<Onboarding, 'status'>): boolean => job.status === 'pending' || job.status === 'processing';

/** The newest first; asked for often while one is on its way. */
export const onboardingsQuery = (status?: Status) =>
  infiniteQueryOptions({
    queryKey: ['onboarding', status],
    queryFn: ({ signal, pageParam }) => get('/api/v1/onboarding', { query: { status, limit: PAGE, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
    refetchInterval: (query) => (query.state.data?.pages.some((page) => page.rows.some(isOpen)) ? POLL_MS : CALM_MS),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });

export const askSymbols = ({ key, ...body }: { symbols: string[]; priority: Priority; key: string }) =>
  send('post', '/api/v1/onboarding', { body, key });
