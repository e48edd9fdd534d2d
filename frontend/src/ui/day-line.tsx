import { memo } from 'react';
import { shortDate, signed } from '@/lib/format';
import { type DayPoint, daysBetween, stretches } from '@/lib/day-series';
import { Hidden } from './hidden';

const WIDTH = 96;
const HEIGHT = 24;
const EDGE = 2;
const DAYS = 60; // to the newest point

/** A figure of the last days as a small line that breaks where nobody looked; a day alone is a dot. */
export const DayLine = memo(function DayLine({ points, what }: { points: DayPoint[] | undefined; what: string }) {
  if (!points) return <span className="day-line" aria-hidden="true" />;
  const last = points.at(-1);
  const recent = points.filter((point) => point.value != null && last && daysBetween(point.date, last.date) < DAYS);
  const [first, newest] = [recent[0], recent.at(-1)];
  if (!first || !newest || first === newest) return <span className="soft">–<Hidden> fewer than two {what}s in {DAYS} days</Hidden></span>;
  const change = ((newest.value ?? 0) / (first.value ?? 1) - 1) * 100;
  return (
    <span className={`day-line spark ${change > 0.05 ? 'up' : change < -0.05 ? 'down' : 'flat'}`} title={`${what}, ${shortDate(first.date)} to ${shortDate(newest.date)}: ${signed(change, 1)} %`}>
      <Picture points={recent} />
      <Hidden>{what} {signed(change, 1)} % from {shortDate(first.date)} to {shortDate(newest.date)}</Hidden>
    </span>
  );
});

function Picture({ points }: { points: DayPoint[] }) {
  const values = points.map((point) => point.value ?? 0);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const from = points[0]?.date ?? '';
  const span = daysBetween(from, points.at(-1)?.date ?? from) || 1;
  const x = (date: string): number => EDGE + (daysBetween(from, date) / span) * (WIDTH - 2 * EDGE);
  const y = (value: number): number => HEIGHT - EDGE - ((value - low) / (high - low || 1)) * (HEIGHT - 2 * EDGE);
  const place = ({ date, value }: DayPoint): string => `${x(date).toFixed(1)} ${y(value ?? low).toFixed(1)}`;
  // A stretch of one day is drawn as a line of no length, which a round end makes a dot.
  const line = stretches(points).map((one) => `M${place(one[0] as DayPoint)}${one.length > 1 ? one.slice(1).map((point) => `L${place(point)}`).join('') : 'h0'}`);
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <path className="line" d={line.join('')} />
    </svg>
  );
}
