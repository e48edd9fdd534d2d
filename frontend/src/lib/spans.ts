/** How far back a chart goes. */

export const SPANS = ['1m', '3m', '1y', '5y', 'all'] as const;
export type Span = (typeof SPANS)[number];

const DAYS: Record<Span, number> = { '1m': 31, '3m': 92, '1y': 366, '5y': 1827, all: Infinity };
const DAY_MS = 86_400_000;

export const SPAN_NAMES = SPANS.map((value) => ({ value, label: value === 'all' ? 'All' : value.toUpperCase() }));

/** Rows of the span that ends with the newest of them. */
export function within<T extends { date: string }>(rows: T[], span: Span): T[] {
  if (span === 'all') return rows;
  const newest = rows.reduce((last, row) => (row.date > last ? row.date : last), '');
  const from = new Date(Date.parse(newest) - DAYS[span] * DAY_MS);
  if (Number.isNaN(from.getTime())) return rows;
  const first = from.toISOString().slice(0, 10);
  return rows.filter((row) => row.date >= first);
}
