import type { MarketDay } from '@/api/boxes';
import type { DayPoint } from '@/lib/day-series';
import { decimals, shortDate } from '@/lib/format';

/** `8 dearer, 5 cheaper, 5 unchanged`. */
export function breadthInWords(up: number, down: number, same: number): string {
  return [[up, 'dearer'], [down, 'cheaper'], [same, 'unchanged']].map(([n, what]) => `${n} ${what}`).join(', ');
}

/** What the chart of the index shows, for those who do not see it. */
export function indexInWords(days: readonly Pick<MarketDay, 'date' | 'index' | 'base_on'>[]): string {
  const line = newestLine(days);
  const known = line.points.filter((point) => point.value != null);
  const last = known.at(-1);
  if (!last) return 'No index yet.';
  const values = known.map((point) => point.value ?? 0);
  const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => decimals(value, 1));
  return `Index of floor prices, 100 on ${shortDate(line.base ?? last.date)}: ${decimals(last.value, 1)} on ${shortDate(last.date)}, lowest ${low}, highest ${high}. Days without observations are gaps.`;
}

type IndexDay = Pick<MarketDay, 'date' | 'index' | 'base_on'>;

export interface IndexLine {
  /** Where it is 100; null without any index. */
  base: string | null;
  points: DayPoint[];
  /** The last day of an earlier one. */
  before: IndexDay | null;
}

/** The newest index that is known on two days: one with another beginning is on another scale, so the two are not drawn together. */
export function newestLine(days: readonly IndexDay[]): IndexLine {
  const bases = [...new Set(days.map((row) => row.base_on).reverse())];
  for (const base of bases) {
    if (base === null) continue;
    const points = days.filter((row) => row.base_on === base).map(({ date, index }) => ({ date, value: index ?? (date === base ? 100 : null) }));
    if (points.filter((point) => point.value != null).length < 2) continue;
    const before = days.findLast((row) => row.date < base && row.index != null && row.base_on !== base) ?? null;
    return { base, points, before };
  }
  return { base: null, points: [], before: null };
}
