import type { Interval } from '@/api/queries';
import { percent } from '@/lib/format';
import { Hidden } from './hidden';

interface Props {
  rank: number | null;
  interval: Interval | null | undefined;
  /** Ranked rows of the board: the whole width. */
  ranked: number;
}

/** The 90 % interval of a rank as a small bar from first (left) to last, with the rank as a tick. */
export function RankRange({ rank, interval, ranked }: Props) {
  if (!interval || interval.low == null || interval.high == null) {
    return <span className="soft">–<Hidden> not measured for this date</Hidden></span>;
  }
  const { low, high } = interval;
  const width = 100 / Math.max(ranked, 1);
  return (
    <span className="range">
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect className="track" y="3" width="100" height="4" />
        <rect className="fill" x={(low - 1) * width} y="2" width={(high - low + 1) * width} height="6" rx="1" />
        {rank != null && <rect className="tick" x={(rank - 0.5) * width - 1} width="2" height="10" />}
      </svg>
      <span className="figure">
        <Hidden>from rank </Hidden>
        {low}–{high}
      </span>
      {interval.tied_with_next && (
        <span className="tied" title={`The next one is ahead in ${percent(interval.flip_share)} of ${interval.n_ranked} redrawn years`}>
          <span aria-hidden="true">≈</span>
          <Hidden> statistically tied with the next</Hidden>
        </span>
      )}
    </span>
  );
}
