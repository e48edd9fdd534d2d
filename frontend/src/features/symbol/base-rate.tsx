import type { BaseRate } from '@/api/changes';
import { change as asChange, counted, percent } from '@/lib/format';

/** What jumps at least as large were followed by on this board: beside every jump, so that none is taken for a promise. */
export function BaseRateLine({ rate, change }: { rate: BaseRate; change: number }) {
  if (rate.reason === 'no_jump' || change === 0) return null;
  const jump = `${change > 0 ? 'rises' : 'falls'} of ${counted(Math.abs(change), 'place')} or more`;
  if (rate.median == null) {
    return (
      <p className="base-rate">
        <b>Base rate:</b> there were only {rate.n} {jump} on this board before, too few to say what follows one.
      </p>
    );
  }
  return (
    <p className="base-rate">
      <b>Base rate:</b> {rate.n.toLocaleString('en-GB')} earlier {jump} on this board were followed, over 21 sessions, by a
      median of <b>{asChange(rate.median)}</b> beyond the board’s mean (90 % interval {asChange(rate.low)} to {asChange(rate.high)});{' '}
      {percent(rate.share_positive)} of them were ahead of it.
    </p>
  );
}
