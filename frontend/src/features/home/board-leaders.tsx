import { Link } from '@tanstack/react-router';
import type { Leader } from '@/api/queries';
import { HeldMark } from '@/ui/held-mark';
import { ScoreBar } from '@/ui/score-bar';

/** The first of every board. */
export function BoardLeaders({ leaders, on }: { leaders: Leader[]; on: string | undefined }) {
  return (
    <section aria-labelledby="boards">
      <h2 id="boards">Boards</h2>
      <ul className="boards">
        {leaders.map((leader) => (
          <li key={leader.slug} className="card board-card">
            <h3>
              <Link to="/boards/$board" params={{ board: leader.slug }} search={on ? { on } : {}} data-row={leader.slug}>
                {leader.board}
              </Link>
            </h3>
            <p className="about">{ranked(leader)}</p>
            {leader.symbol ? (
              <div className="leader">
                <span className="symbol">
                  <span>
                    <Link to="/symbols/$ticker" params={{ ticker: leader.symbol }}>{leader.symbol}</Link>
                    <HeldMark bars={leader.held_bars} />
                  </span>
                  {leader.name !== leader.symbol && <span className="note">{leader.name}</span>}
                </span>
                <ScoreBar score={leader.score} />
              </div>
            ) : (
              <p className="note">Nothing on it is ranked.</p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function ranked({ ranked, members }: Leader): string {
  return ranked === members ? `${members} ranked` : `${ranked} of ${members} ranked`;
}
