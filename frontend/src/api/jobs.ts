/** Long work: what is running, what was done, and asking for more. */

import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { get, send } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];
export type Job = Schemas['JobItem'];
export type Kind = Job['kind'];

const POLL_MS = 2_000;
const CALM_MS = 30_000;

export const isOpen = (job: Pick<Job, 'state'>): boolean => job.state === 'queued' || job.state === 'running';

/** The newest jobs; asked for often while one is running. */
export const jobsQuery = queryOptions({
  queryKey: ['jobs'],
  queryFn: ({ signal }) => get('/api/v1/jobs', { query: { limit: 50 }, signal }),
  refetchInterval: (query) => (query.state.data?.rows.some(isOpen) ? POLL_MS : CALM_MS),
  staleTime: 0,
});

export interface Asked {
  kind: Kind;
  on?: string | null;
  from?: string | null;
  to?: string | null;
  boards?: string[] | null;
  key: string;
}

export const askJob = ({ key, ...body }: Asked) => send('post', '/api/v1/jobs', { body, key });

export const stopJob = (id: string) => send('delete', '/api/v1/jobs/{job_id}', { path: { job_id: id } });

export type Cycle = Schemas['CycleItem'];

export const cyclesQuery = queryOptions({
  queryKey: ['cycles'],
  queryFn: ({ signal }) => get('/api/v1/cycles', { query: { limit: 60 }, signal }),
  placeholderData: keepPreviousData,
});
