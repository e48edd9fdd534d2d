/** The research desk: where it stands, its nights, its reports. */

import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Answer, get } from './client';

export type Desk = Answer<'/api/v1/desk'>;
export type Night = NonNullable<Desk['night']>;
export type Report = Answer<'/api/v1/reports/morning'>;
export type ReportSection = Report['sections'][number];
export type ReportItem = ReportSection['items'][number];

const MINUTE = 60_000;
const SOON = 5_000; // while the first night is awaited

export const deskQuery = queryOptions({
  queryKey: ['desk'],
  queryFn: ({ signal }) => get('/api/v1/desk', { signal }),
  refetchInterval: (query) => (query.state.data && !query.state.data.night ? SOON : MINUTE),
});

export const reportsQuery = queryOptions({
  queryKey: ['desk', 'reports'],
  queryFn: ({ signal }) => get('/api/v1/reports', { query: { limit: 90 }, signal }),
});

/** A day's report; the newest where no day is given. */
export const reportQuery = (on?: string) =>
  queryOptions({
    queryKey: ['desk', 'report', on],
    queryFn: ({ signal }) => get('/api/v1/reports/morning', { query: { on, format: 'json' }, signal }),
    placeholderData: keepPreviousData,
  });

/** A report as a page without script, for printing and for keeping. */
export const reportPage = (on: string, version: number): string => `/api/v1/reports/morning?on=${on}&version=${version}&format=html`;
