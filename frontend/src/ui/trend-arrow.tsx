import type { Trend } from '@/api/queries';
import { signed } from '@/lib/format';
import { Hidden } from './hidden';

const SHAPES: Record<string, string> = { up: '↗', down: '↘', flat: '→' };

/** Where a score is heading: points a published date, over the last seven. */
export function TrendArrow({ trend }: { trend: Trend | null | undefined }) {
  if (!trend) return <span className="soft">–<Hidden> fewer than seven published dates</Hidden></span>;
  return (
    <span className={`trend ${trend.direction}`} title={`${signed(trend.slope)} points of score a session, over seven`}>
      <span aria-hidden="true">{SHAPES[trend.direction] ?? '→'}</span>
      <Hidden>{trend.direction}, </Hidden> {signed(trend.slope)}
    </span>
  );
}
