/** Decisions of the desk, and what a person makes of them. */

import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Answer, get, send } from './client';

export type Decision = Answer<'/api/v1/decisions'>['rows'][number];
export type WholeDecision = Answer<'/api/v1/decisions/{decision_id}'>;
export type Challenge = NonNullable<WholeDecision['challenge']>;
export type Voice = WholeDecision['opinions'][number];

/** What an answer touches: everything of the desk. */
export const TOUCHED = ['desk'] as const;

export const decisionsQuery = (asked: { waiting?: boolean; symbol?: string | undefined; limit?: number } = {}) =>
  queryOptions({
    queryKey: ['desk', 'decisions', asked],
    queryFn: ({ signal }) => get('/api/v1/decisions', { query: asked, signal }),
    placeholderData: keepPreviousData,
  });

export const decisionQuery = (id: string) =>
  queryOptions({
    queryKey: ['desk', 'decision', id],
    queryFn: ({ signal }) => get('/api/v1/decisions/{decision_id}', { path: { decision_id: id }, signal }),
  });

const path = (id: string) => ({ decision_id: id });

export const approveDecision = (id: string) => send('post', '/api/v1/decisions/{decision_id}/approve', { path: path(id) });

export const rejectDecision = ({ id, reason }: { id: string; reason: string }) =>
  send('post', '/api/v1/decisions/{decision_id}/reject', { path: path(id), body: { reason } });

export interface TermsChange {
  id: string;
  quantity?: string;
  price?: string;
  stop?: string;
  target?: string;
}

export const modifyDecision = ({ id, ...body }: TermsChange) => send('post', '/api/v1/decisions/{decision_id}/modify', { path: path(id), body });

export interface LoggedTrade {
  id: string;
  price: string;
  quantity: string;
  traded_on: string;
  commission: string;
  portfolio: string | null;
}

export const logDecisionTrade = ({ id, ...body }: LoggedTrade) => send('post', '/api/v1/decisions/{decision_id}/trade', { path: path(id), body });
