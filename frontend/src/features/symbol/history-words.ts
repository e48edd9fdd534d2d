import type { HistoryRow } from '@/api/queries';
import { counted, decimals } from '@/lib/format';
import type { Measure } from './search';

/** What the chart shows, for those who do not see it. */
export function historyInWords(rows: HistoryRow[], show: Measure): string {
  const values = rows.flatMap((row) => row[show] ?? []);
  if (!values.length) return 'Nothing ranked in this span.';
  const say = (value: number | undefined): string => (show === 'rank' ? String(value) : decimals(value));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const [best, worst] = show === 'rank' ? [low, high] : [high, low];
  return `${show === 'rank' ? 'Rank' : 'Score'} on ${counted(rows.length, 'session')}: from ${say(values.at(-1))} to ${say(values[0])}, best ${say(best)}, worst ${say(worst)}. The table below has every session.`;
}
