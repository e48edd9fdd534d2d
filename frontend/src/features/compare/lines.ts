import type { Line } from '@/charts/lines-chart';
import { type Span, within } from '@/lib/spans';

export interface Day {
  date: string;
  value: number | null;
}

/** Lines over the same days. */
export function spanned(lines: Line[], span: Span): Line[] {
  const cut = lines.flatMap(({ points }) => points);
  const [first] = within(cut, span).map((point) => point.date).sort();
  return lines.map(({ name, points }) => ({ name, points: first ? points.filter((point) => point.date >= first) : points }));
}

/** Each line as change in percent since the first day that all of them have: from there they are comparable. */
export function rebased(lines: Line[]): Line[] {
  const starts = lines.flatMap(({ points }) => points.find((point) => point.value != null)?.date ?? []);
  const start = starts.reduce((last, day) => (day > last ? day : last), '');
  return lines.map(({ name, points }) => {
    const known = points.filter((point) => point.date >= start && point.value != null);
    const base = known[0]?.value;
    return { name, points: known.map(({ date, value }) => ({ date, value: value != null && base ? (value / base - 1) * 100 : null })) };
  });
}
