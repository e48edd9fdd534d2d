import type { LeftOut, Portfolio } from '@/api/portfolios';
import { counted } from '@/lib/format';

type Stated = Pick<Portfolio, 'state'> & { left_out: LeftOut[] };

/** Whether all holdings have a value: a mark, a word, and who has none. */
export function PortfolioState({ of: { state, left_out } }: { of: Stated }) {
  if (state === 'complete') return <span className="state good"><span aria-hidden="true">✓</span> complete</span>;
  if (state === 'empty') return <span className="state calm"><span aria-hidden="true">○</span> empty</span>;
  const pending = left_out.filter((one) => one.reason === 'pending');
  return (
    <span className="state warn" title={left_out.map((one) => `${one.symbol}: ${one.because}`).join('\n')}>
      <span aria-hidden="true">◐</span> partial
      {left_out.length > 0 && (
        <span className="note block">
          {pending.length > 0 && `${named(pending)} on the way in`}
          {pending.length > 0 && pending.length < left_out.length && '; '}
          {pending.length < left_out.length && `${counted(left_out.length - pending.length, 'holding')} left out`}
        </span>
      )}
    </span>
  );
}

const NAMED = 3;

function named(who: LeftOut[]): string {
  const shown = who.slice(0, NAMED).map((one) => one.symbol).join(', ');
  return who.length > NAMED ? `${shown} and ${who.length - NAMED} more` : shown;
}
