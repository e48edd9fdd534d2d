import { queryOptions } from '@tanstack/react-query';
import { get, send } from './client';
import type { components } from './schema';

export type Finding = components['schemas']['FindingItem'];

/** What `pacesetter doctor` says. */
export const dataHealthQuery = queryOptions({
  queryKey: ['data-health'],
  queryFn: ({ signal }) => get('/api/v1/health/data', { signal }),
});

export const cacheQuery = queryOptions({
  queryKey: ['cache'],
  queryFn: ({ signal }) => get('/api/v1/cache/status', { signal }),
  staleTime: 0,
});

export const warmCache = () => send('post', '/api/v1/cache/warm');
