import { percent } from '@/lib/format';
import { ACTIONS, title } from './desk-words';
import type { Vote } from './votes';

/** What the analysts' weight says, as one bar in parts, each named with its share. */
export function VoteBars({ votes }: { votes: Vote[] }) {
  if (!votes.length) return <p className="note">Nobody had an opinion that counts.</p>;
  return (
    <div className="votes">
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        {votes.map(({ recommendation, share, from }) => (
          <rect key={recommendation} className={`vote ${recommendation.toLowerCase()}`} x={from * 100} width={share * 100} height="8" />
        ))}
      </svg>
      <ul>
        {votes.map(({ recommendation, share }) => (
          <li key={recommendation}>
            <i className={`key ${recommendation.toLowerCase()}`} aria-hidden="true" /> {ACTIONS[recommendation]?.[0] ?? title(recommendation)} <b>{percent(share)}</b>
          </li>
        ))}
      </ul>
    </div>
  );
}
