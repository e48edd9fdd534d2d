/** The nightly batch of symbols. */

import { queryOptions } from '@tanstack/react-query';
import { get } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];
export type BatchDay = Schemas['BatchItem'];
export type Phase = Schemas['PhaseItem'];

const POLL_MS = 2_000;
const CALM_MS = 30_000;

/** The phases of the newest sessions; asked for often while one is running. */
export const batchQuery = queryOptions({
  queryKey: ['batch'],
  queryFn: ({ signal }) => get('/api/v1/batch', { query: { limit: 20 }, signal }),
  refetchInterval: (query) => (query.state.data?.rows.some((day) => day.state === 'running') ? POLL_MS : CALM_MS),
  staleTime: 0,
});
