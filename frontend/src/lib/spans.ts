/** How far back a chart goes. */

export const SPANS = ['1m', '3m', '1y', '5y', 'all'] as const;
export type Span = (typeof SPANS)[number];

const DAYS: Record<Span, number> = { '1m': 31, '3m': 92, '1y': 366, '5y': 1827, all: Infinity };
const DAY_MS = 86_400_000;

export const SPAN_NAMES = SPANS.map((value) => ({ value, label: value === 'all' ? 'All' : value.toUpperCase() }));

/** The first day of a span that ends with a day; none where it has no beginning. */
export function spanStart(last: string, span: Span): string | undefined {
  const from = new Date(Date.parse(last) - DAYS[span] * DAY_MS);
  return Number.isNaN(from.getTime()) ? undefined : from.toISOString().slice(0, 10);
}

/** Rows of the span that ends with the newest of them. */
export function within<T extends { date: string }>(rows: T[], span: Span): T[] {
  if (span === 'all') return rows;
  const first = spanStart(rows.reduce((last, row) => (row.date > last ? row.date : last), ''), span);
  return first === undefined ? rows : rows.filter((row) => row.date >= first);
}
