import { Link } from '@tanstack/react-router';
import type { Best } from '@/api/queries';
import { HeldMark } from '@/ui/held-mark';
import { ScoreBar } from '@/ui/score-bar';

/** The highest scores of the whole universe. */
export function BestOverall({ best }: { best: Best[] }) {
  return (
    <section className="card" aria-labelledby="best">
      <h2 id="best">Best overall</h2>
      <p className="about">On the scale of the whole universe: score 100 is better than everything else ranked.</p>
      <ol className="best">
        {best.map((row) => (
          <li key={row.symbol}>
            <span className="place">{row.rank}</span>
            <span className="symbol">
              <span>
                <Link to="/symbols/$ticker" params={{ ticker: row.symbol }} data-row={row.symbol}>{row.symbol}</Link>
                <HeldMark bars={row.held_bars} />
              </span>
              {row.name !== row.symbol && <span className="note">{row.name}</span>}
            </span>
            <ScoreBar score={row.score} />
          </li>
        ))}
      </ol>
    </section>
  );
}
