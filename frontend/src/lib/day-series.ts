/** Figures of days, some of which nobody observed: lines are drawn over observed days only, and break at gaps. */

export interface DayPoint {
  date: string;
  value: number | null;
}

const DAY_MS = 86_400_000;
/** Who looks once a week draws a line; a longer wait is a gap. */
export const MOST_DAYS_APART = 7;

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

/** The stretches without a gap, oldest first. `parts`: from this point on a line of its own begins whatever the days between. */
export function stretches<P extends DayPoint>(points: readonly P[], parts?: (before: P, point: P) => boolean): P[][] {
  const found: P[][] = [];
  let before: P | undefined;
  for (const point of points) {
    if (point.value == null) continue;
    const apart = !before || daysBetween(before.date, point.date) > MOST_DAYS_APART || parts?.(before, point);
    if (apart) found.push([point]);
    else found.at(-1)?.push(point);
    before = point;
  }
  return found;
}

/** Every calendar day from the first to the last point, so that a chart's time runs evenly. */
export function calendarDays(points: readonly { date: string }[]): string[] {
  const [first, last] = [points[0]?.date, points.at(-1)?.date];
  if (!first || !last) return [];
  const from = Date.parse(first);
  return Array.from({ length: daysBetween(first, last) + 1 }, (_, i) => new Date(from + i * DAY_MS).toISOString().slice(0, 10));
}
