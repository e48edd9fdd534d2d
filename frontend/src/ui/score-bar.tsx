import { decimals } from '@/lib/format';

/** A score from 0 to 100: the figure, and how far it reaches. */
export function ScoreBar({ score, digits = 1 }: { score: number | null; digits?: number }) {
  return (
    <span className="score">
      <span className="figure">{decimals(score, digits)}</span>
      <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect className="track" width="100" height="6" rx="3" />
        <rect className="fill" width={score ?? 0} height="6" rx="3" />
      </svg>
    </span>
  );
}
