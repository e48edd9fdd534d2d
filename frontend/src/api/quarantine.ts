/** Prices that are held back, and what is decided on them. */

import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import { get, send } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];
export type Held = Schemas['HeldItem'];
export type Decision = Schemas['DecisionBody'];

const PAGE = 50;

export const heldQuery = (symbol?: string) =>
  infiniteQueryOptions({
    queryKey: ['quarantine', symbol],
    queryFn: ({ signal, pageParam }) =>
      get('/api/v1/quarantine', { query: { symbol, limit: PAGE, cursor: pageParam ?? undefined }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });

interface Bar {
  symbol: string;
  day: string;
}

export const acceptBar = (path: Bar) => send('post', '/api/v1/quarantine/{symbol}/{day}/accept', { path });

export type Repair = Bar & Partial<Omit<Schemas['Repair'], 'scale'>> & { scale?: number };

export const repairBar = ({ symbol, day, scale = 1, ...values }: Repair) =>
  send('post', '/api/v1/quarantine/{symbol}/{day}/repair', { path: { symbol, day }, body: { scale, ...values } });
