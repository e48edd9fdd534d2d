/** The audit log and the inbox. */

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type Answer, get, send } from './client';

export type Entry = Answer<'/api/v1/audit'>['rows'][number];
export type Inbox = Answer<'/api/v1/inbox'>;
export type InboxFile = Inbox['rows'][number];

const PAGE = 50;

export const auditQuery = (action?: string) =>
  infiniteQueryOptions({
    queryKey: ['desk', 'audit', action],
    queryFn: ({ pageParam, signal }) => get('/api/v1/audit', { query: { action, limit: PAGE, before: pageParam }, signal }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const verifyAudit = () => get('/api/v1/audit/verify');

export const inboxQuery = queryOptions({ queryKey: ['desk', 'inbox'], queryFn: ({ signal }) => get('/api/v1/inbox', { signal }) });

export const lookAtInbox = () => send('post', '/api/v1/inbox/look');
