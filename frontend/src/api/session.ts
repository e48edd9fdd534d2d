/** Who is reading, and what they may do. */

import { queryOptions, useQuery } from '@tanstack/react-query';
import { ApiError, get, keepToken, send } from './client';
import type { components } from './schema';

type Said = components['schemas']['SessionBody'];
export type Right = 'read' | 'write' | 'admin' | 'account';
/** `via`: open (nobody has to log in), session, key, or nobody (the server wants a login). */
export type Session = Omit<Said, 'via'> & { via: 'open' | 'session' | 'key' | 'nobody' };

const NOBODY: Session = { name: '', role: null, via: 'nobody', permissions: [], csrf_token: null, expires_at: null };

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<Session> => {
    try {
      const said = await get('/api/v1/session', { signal });
      keepToken(said.csrf_token);
      return said as Session;
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) throw error;
      keepToken(null);
      return NOBODY;
    }
  },
  staleTime: 5 * 60_000,
});

export const useSession = (): Session | undefined => useQuery(sessionQuery).data;

/** Whether something may be done here, and in words why not. */
export interface Allowed {
  may: boolean;
  why: string;
  /** Logging in could change it. */
  login: boolean;
}

export function useMay(right: Right): Allowed {
  return allowed(useSession(), right);
}

const NEEDS: Record<Right, string> = {
  read: 'may read',
  write: 'may change boards, methods and prices (analyst or owner)',
  admin: 'is an owner',
  account: 'is logged in',
};

export function allowed(session: Session | undefined, right: Right): Allowed {
  if (!session) return { may: false, why: 'It is being found out who you are.', login: false };
  if (session.permissions.includes(right)) return { may: true, why: '', login: false };
  if (session.via === 'session' || session.via === 'key') {
    return { may: false, why: `${session.name} is ${article(session.role)}: this needs somebody who ${NEEDS[right]}.`, login: false };
  }
  return { may: false, why: `You are not logged in: this needs somebody who ${NEEDS[right]}.`, login: true };
}

function article(role: string | null): string {
  return role ? `${/^[aeio]/.test(role) ? 'an' : 'a'} ${role}` : 'without a role';
}

export async function logIn(given: { name: string; password: string }): Promise<void> {
  const said = await send('post', '/api/v1/session', { body: given });
  keepToken(said.csrf_token);
}

export async function logOut(): Promise<void> {
  await send('delete', '/api/v1/session');
  keepToken(null);
}

export const setPassword = (given: { current: string | null; new: string }): Promise<unknown> =>
  send('put', '/api/v1/session/password', { body: given });
