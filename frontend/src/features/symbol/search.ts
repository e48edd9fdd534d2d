import { readOneOf } from '@/lib/search';

export const SPANS = ['1m', '3m', '6m', '1y', 'all'] as const;
export type Span = (typeof SPANS)[number];
export const MEASURES = ['rank', 'score'] as const;
export type Measure = (typeof MEASURES)[number];

/** What the chart of a symbol shows. */
export interface SymbolSearch {
  show?: Measure;
  span?: Span;
}

export function readSymbolSearch(given: Record<string, unknown>): SymbolSearch {
  const show = readOneOf(given.show, MEASURES);
  const span = readOneOf(given.span, SPANS);
  return { ...(show && { show }), ...(span && { span }) };
}

const DAYS: Record<Span, number> = { '1m': 31, '3m': 92, '6m': 183, '1y': 366, all: Infinity };

/** Rows of the span that ends with the newest one. */
export function within<T extends { date: string }>(rows: T[], span: Span): T[] {
  const newest = Math.max(...rows.map((row) => Date.parse(row.date)));
  return rows.filter((row) => newest - Date.parse(row.date) <= DAYS[span] * 86_400_000);
}
