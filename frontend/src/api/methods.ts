/** Methods, and weights that are tried before they are kept. */

import { queryOptions } from '@tanstack/react-query';
import { get, send } from './client';
import type { components } from './schema';

export type Method = components['schemas']['MethodItem'];
export type Tried = components['schemas']['WhatIfBody'];
export type Moved = components['schemas']['Moved'];

export const methodsQuery = queryOptions({
  queryKey: ['methods'],
  queryFn: ({ signal }) => get('/api/v1/methods', { signal }),
});

/** A board under other weights. Each set of weights is a question of its own, so late answers disturb nothing. */
export const triedQuery = (board: string, method: string | undefined, weights: Record<string, number>) =>
  queryOptions({
    queryKey: ['what-if', board, method, weights],
    queryFn: ({ signal }) => send('post', '/api/v1/what-if', { body: { board, method, weights }, signal }),
    // While the next set is on its way, the one before stays in sight; that of another board does not.
    placeholderData: (before, query) => (query?.queryKey[1] === board && query.queryKey[2] === method ? before : undefined),
    staleTime: 5 * 60_000,
    gcTime: 60_000,
  });

export const saveMethod = (given: { toml: string; key: string }) =>
  send('post', '/api/v1/methods', { body: { toml: given.toml }, key: given.key });
