/** Users, for owners; and one's own keys for programs. */

import { queryOptions } from '@tanstack/react-query';
import { get, send } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];
export type User = Schemas['UserItem'];
export type Role = User['role'];
export type Key = Schemas['KeyItem'];
export type NewKey = Schemas['NewKeyBody'];
export type Scope = Key['scopes'][number];

export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: ({ signal }) => get('/api/v1/users', { signal }),
});

export const addUser = (body: { name: string; role: Role; password: string | null }) => send('post', '/api/v1/users', { body });

export const changeUser = ({ name, ...body }: { name: string; role?: Role; password?: string; is_active?: false }) =>
  send('patch', '/api/v1/users/{name}', { path: { name }, body });

export const keysQuery = queryOptions({
  queryKey: ['keys'],
  queryFn: ({ signal }) => get('/api/v1/keys', { signal }),
});

export const addKey = (body: { name: string; scopes: Scope[]; days: number | null }) => send('post', '/api/v1/keys', { body });

export const revokeKey = (which: string) => send('delete', '/api/v1/keys/{which}', { path: { which } });
