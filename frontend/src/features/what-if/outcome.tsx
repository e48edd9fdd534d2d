import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Known } from '@/api/known-symbols';
import type { Moved, Tried } from '@/api/methods';
import { counted, decimals, longDay, percent, signed } from '@/lib/format';
import { RankChange } from '@/ui/rank-change';
import { ScoreBar } from '@/ui/score-bar';
import { byRank, movers, places } from './movers';
import { icVerdict, turnoverVerdict, type Verdict } from './verdict';

const TOP = 25;

/** What the weights make of the board: two figures over ten years, who moves, and the new order. */
export function Outcome({ tried, known }: { tried: Tried; known: Map<string, Known> | undefined }) {
  const { up, down } = movers(tried.rows, 8);
  const moved = tried.rows.filter((row) => (places(row) ?? 0) !== 0).length;
  return (
    <>
      <Figures tried={tried} />
      <section className="card" aria-labelledby="movers">
        <h2 id="movers">Movers</h2>
        <p className="about" role="status">
          {moved ? `${counted(moved, 'symbol')} of ${tried.rows.length} would change place.` : 'No rank changes with these weights.'}
        </p>
        {moved > 0 && (
          <div className="halves">
            <MoverList title="Up" rows={up} />
            <MoverList title="Down" rows={down} />
          </div>
        )}
      </section>
      <NewRanks rows={tried.rows} on={tried.as_of} known={known} />
    </>
  );
}

function Figures({ tried }: { tried: Tried }) {
  return (
    <dl className="figures" aria-label={`Over ${counted(tried.sessions, 'session')}`}>
      <Pair
        name="Mean IC, 21 sessions"
        title="How well the order of scores matched the order of returns over the next 21 sessions; 0 is chance."
        before={tried.ic_before}
        now={tried.ic}
        show={(value) => signed(value, 3)}
        judge={icVerdict}
      />
      <Pair
        name="Turnover of the top fifth"
        title="The share of the best fifth that is new from one session to the next; boards of fewer than ten have none."
        before={tried.turnover_before}
        now={tried.turnover}
        show={(value) => percent(value, 1)}
        judge={turnoverVerdict}
      />
      <div>
        <dt>Measured over</dt>
        <dd><b>{tried.sessions.toLocaleString('en-GB')}</b> session{tried.sessions === 1 ? '' : 's'}</dd>
        <dd className="note">On the same past that you choose by: expect less of the future.</dd>
      </div>
    </dl>
  );
}

interface PairProps {
  name: string;
  title: string;
  before: number | null;
  now: number | null;
  show: (value: number | null) => string;
  judge: (before: number, now: number) => Verdict;
}

const MARKS: Record<Verdict, [string, string]> = {
  better: ['▲', 'up'], worse: ['▼', 'down'], 'about the same': ['≈', 'same'], unchanged: ['=', 'same'],
};

function Pair({ name, title, before, now, show, judge }: PairProps) {
  const verdict = before == null || now == null ? null : judge(before, now);
  const [mark, tone] = verdict ? MARKS[verdict] : ['', ''];
  return (
    <div title={title}>
      <dt>{name}</dt>
      <dd>
        <b>{show(now)}</b>
        {verdict && <span className={`change ${tone}`}><span aria-hidden="true">{mark}</span> {verdict}</span>}
      </dd>
      <dd className="note">{before == null ? 'too few symbols to measure it' : `with today’s weights ${show(before)}`}</dd>
    </div>
  );
}

function MoverList({ title, rows }: { title: string; rows: Moved[] }) {
  return (
    <div>
      <h3>{title}</h3>
      {rows.length === 0 && <p className="note">Nobody.</p>}
      <ol className="movers">
        {rows.map((row) => (
          <li key={row.symbol}>
            <Link to="/symbols/$ticker" params={{ ticker: row.symbol }}>{row.symbol}</Link>
            <span className="note">{row.rank_before} → {row.rank}</span>
            <RankChange rank={row.rank} change={places(row)} since="now" />
          </li>
        ))}
      </ol>
    </div>
  );
}

function NewRanks({ rows, on, known }: { rows: Moved[]; on: string | null; known: Map<string, Known> | undefined }) {
  const [all, setAll] = useState(false);
  const ordered = byRank(rows);
  const shown = all ? ordered : ordered.slice(0, TOP);
  return (
    <section className="card" aria-labelledby="new-ranks">
      <h2 id="new-ranks">New ranks</h2>
      {on && <p className="about">With the prices of {longDay(on)}, against the ranks of that session.</p>}
      <table className="plain-table ranks-table">
        <thead>
          <tr>
            <th scope="col" className="number rank-col">Rank</th>
            <th scope="col" className="change-col">Change</th>
            <th scope="col">Symbol</th>
            <th scope="col" className="score-col">Score</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={row.symbol}>
              <td className="number"><span className="place">{row.rank ?? '–'}</span></td>
              <td><RankChange rank={row.rank} change={places(row)} since="now" /></td>
              <td>
                <span className="symbol">
                  <span><Link to="/symbols/$ticker" params={{ ticker: row.symbol }} data-row={row.symbol}>{row.symbol}</Link></span>
                  {known?.get(row.symbol)?.name && <span className="note">{known.get(row.symbol)?.name}</span>}
                </span>
              </td>
              <td className="score-col">{row.score == null ? decimals(null) : <ScoreBar score={row.score} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {!all && ordered.length > TOP && (
        <button type="button" className="plain" onClick={() => setAll(true)}>Show all {ordered.length}</button>
      )}
    </section>
  );
}
