import { type DayPoint, stretches } from '@/lib/day-series';
import { counted, shortDate } from '@/lib/format';

/** What a chart shows, for those who do not see it: its ends, its lowest and highest, and its gaps. */
export function seriesInWords(title: string, points: readonly DayPoint[], say: (value: number) => string): string {
  const known = points.filter((point): point is DayPoint & { value: number } => point.value != null);
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last) return `${title}: not known on any of these days.`;
  const values = known.map((point) => point.value);
  const gaps = stretches(points).length - 1;
  const ends = `from ${say(first.value)} on ${shortDate(first.date)} to ${say(last.value)} on ${shortDate(last.date)}`;
  return `${title} on ${counted(known.length, 'day')}: ${ends}, lowest ${say(Math.min(...values))}, highest ${say(Math.max(...values))}; ${counted(gaps, 'gap')} of more than a week.`;
}
