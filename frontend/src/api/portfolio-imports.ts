/** Files of positions or trades: tried first, then taken whole, and taken back. */

import { queryOptions } from '@tanstack/react-query';
import { get, send } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];
export type Import = Schemas['ImportsBody']['rows'][number];
export type ImportResult = Schemas['ImportDone'];

export const importsQuery = (id: string) =>
  queryOptions({
    queryKey: ['portfolio', id, 'imports'],
    queryFn: ({ signal }) => get('/api/v1/portfolios/{portfolio_id}/imports', { path: { portfolio_id: id }, signal }),
  });

export interface FileGiven {
  id: string;
  file_name: string;
  /** As they are: the server knows the encodings. */
  bytes: ArrayBuffer;
  /** Column of the file → what it is; none: as it is found, or as the last file was. */
  mapping: Record<string, string>;
  dry_run: boolean;
}

/** Nothing is kept where `dry_run` is set; without it, a file with a mistake is refused whole. */
export const sendFile = ({ id, file_name, bytes, mapping, dry_run }: FileGiven) =>
  send('post', '/api/v1/portfolios/{portfolio_id}/imports', {
    path: { portfolio_id: id },
    query: { file_name, dry_run, map: writeMapping(mapping) },
    file: { type: 'text/csv', bytes },
  });

/** `Ticker=symbol;Shares=quantity`. */
export function writeMapping(mapping: Record<string, string>): string | undefined {
  return Object.entries(mapping).map(([column, field]) => `${column}=${field}`).join(';') || undefined;
}

export const undoImport = ({ id, import_id }: { id: string; import_id: string }) =>
  send('delete', '/api/v1/portfolios/{portfolio_id}/imports/{import_id}', { path: { portfolio_id: id, import_id } });
