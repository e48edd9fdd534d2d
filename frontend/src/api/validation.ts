import { queryOptions } from '@tanstack/react-query';
import { get } from './client';
import type { components } from './schema';

export type Validation = components['schemas']['ValidationBody'];
export type Line = components['schemas']['ValidationItem'];
export type Month = components['schemas']['MonthItem'];

/** A board's validation over ten years; the first asking computes it, which takes some seconds. */
export const validationQuery = (board: string, method?: string) =>
  queryOptions({
    queryKey: ['validation', board, method],
    queryFn: ({ signal }) => get('/api/v1/validation/{board}', { path: { board }, query: { method }, signal }),
    staleTime: 10 * 60_000,
  });
