import { memo } from 'react';
import { signed } from '@/lib/format';
import { Hidden } from './hidden';

const WIDTH = 72;
const HEIGHT = 24;
const EDGE = 2;

/** The last closes as a small line, the change over them beside it: a shape, a sign and words. */
export const Sparkline = memo(function Sparkline({ values, points }: { values: (number | null)[] | undefined; points: number }) {
  if (!values) return <span className="spark" aria-hidden="true" />;
  const known = values.flatMap((value, i) => (value == null ? [] : [{ i, value }]));
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last || known.length < 2) return <span className="soft">–<Hidden> no prices</Hidden></span>;
  const change = (last.value / first.value - 1) * 100;
  const kind = change > 0.05 ? 'up' : change < -0.05 ? 'down' : 'flat';
  const path = draw(values);
  return (
    <span className={`spark ${kind}`}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
        <path className="area" d={`${path.line}V${HEIGHT}H${path.from}Z`} />
        <path className="line" d={path.line} />
      </svg>
      <span className="figure">
        {signed(change, 1)} %<Hidden> over {points} sessions</Hidden>
      </span>
    </span>
  );
});

/** A line over all values; where one is missing it goes straight on to the next. */
function draw(values: (number | null)[]): { line: string; from: number } {
  const present = values.filter((value) => value != null);
  const [low, high] = [Math.min(...present), Math.max(...present)];
  const step = WIDTH / Math.max(values.length - 1, 1);
  const y = (value: number): number => HEIGHT - EDGE - ((value - low) / (high - low || 1)) * (HEIGHT - 2 * EDGE);
  let line = '';
  let from = 0;
  values.forEach((value, i) => {
    if (value == null) return;
    if (!line) from = i * step;
    line += `${line ? 'L' : 'M'}${(i * step).toFixed(1)} ${y(value).toFixed(1)}`;
  });
  return { line, from };
}
