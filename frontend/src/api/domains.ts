/** Boards of one's own: tried before they are made, made, changed, taken away. */

import { queryOptions } from '@tanstack/react-query';
import { send } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];
export type Preview = Schemas['PreviewBody'];
export type Done = Schemas['DomainDone'];
export type Kind = 'equity' | 'etf';
export interface Wanted {
  symbols: string[];
  rule: string | null;
  asset_type: Kind;
}

export const previewQuery = (wanted: Wanted) =>
  queryOptions({
    queryKey: ['board-preview', wanted],
    queryFn: ({ signal }) => send('post', '/api/v1/domains/preview', { body: wanted, signal }),
    placeholderData: (before) => before,
    gcTime: 60_000,
  });

export interface NewBoard extends Wanted {
  name: string;
  method: string;
  description: string | null;
  since: string | null;
  key: string;
}

export const makeBoard = ({ key, ...body }: NewBoard) => send('post', '/api/v1/domains', { body, key });

export interface BoardChange {
  board: string;
  add: string[];
  drop: string[];
  method: string | null;
  on: string | null;
}

export const changeBoard = ({ board, ...body }: BoardChange) =>
  send('patch', '/api/v1/domains/{board}', { path: { board }, body });

export const removeBoard = (board: string) => send('delete', '/api/v1/domains/{board}', { path: { board } });
