/** What symbols are exposed to, and what the factors are. */

import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { get } from './client';
import type { components } from './schema';

export type Exposure = components['schemas']['ExposureItem'];
export type Definition = components['schemas']['DefinitionItem'];

/** Every factor on the newest session. */
export const exposuresQuery = (symbol: string) =>
  queryOptions({
    queryKey: ['exposures', symbol],
    queryFn: ({ signal }) => get('/api/v1/exposures/{symbol}', { path: { symbol }, signal }),
  });

/** One factor on every session of a span, oldest first. */
export const rollingQuery = (symbol: string, factor: string, from: string, to: string) =>
  queryOptions({
    queryKey: ['exposures', symbol, factor, from, to],
    queryFn: ({ signal }) =>
      get('/api/v1/exposures/{symbol}', {
        path: { symbol },
        query: { factor, from, to, fields: 'on,beta,se,n,because,origin' },
        signal,
      }),
    placeholderData: keepPreviousData,
    staleTime: 5 * 60_000,
  });
