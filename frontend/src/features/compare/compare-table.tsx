import type { Domain } from '@/api/queries';
import type { Standing, Symbol } from '@/api/symbols';
import { decimals, raw, signed, words } from '@/lib/format';
import { RankChange } from '@/ui/rank-change';
import { ScoreBar } from '@/ui/score-bar';
import { TrendArrow } from '@/ui/trend-arrow';

const Z_FULL = 3;

interface Props {
  symbols: string[];
  board: Domain;
  /** What is known of each, in their order; undefined while it is asked. */
  found: (Symbol | undefined)[];
}

/** Ranks and factors side by side, one column a symbol; the best z of a row stands out. */
export function CompareTable({ symbols, board, found }: Props) {
  const standings = found.map((one) => one?.boards.find((own) => own.slug === board.slug));
  const names = Object.keys(standings.find((one) => one)?.row.factors ?? {});
  const line = (label: string, cell: (standing: Standing) => React.ReactNode) => (
    <tr key={label}>
      <th scope="row">{label}</th>
      {symbols.map((symbol, i) => {
        const standing = standings[i];
        return <td key={symbol}>{standing ? cell(standing) : <span className="soft">–</span>}</td>;
      })}
    </tr>
  );
  return (
    <section className="card" aria-labelledby="side">
      <h2 id="side">Side by side</h2>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that may scroll is reached by the keyboard too */}
      <div className="wide" role="region" aria-label="Side by side" tabIndex={0}>
        <table className="side-by-side">
          <caption className="hidden">Ranks on {board.name} and what they are made of</caption>
          <thead>
            <tr>
              <td className="note">factors: z, raw</td>
              {symbols.map((symbol) => <th key={symbol} scope="col">{symbol}</th>)}
            </tr>
          </thead>
          <tbody>
            {line('Rank', ({ row, ranked }) => (row.rank == null ? row.unranked_because : <><b>{row.rank}</b> <span className="soft">of {ranked}</span></>))}
            {line('Change', ({ row }) => <RankChange rank={row.rank} change={row.rank_change} since={row.previous_on} />)}
            {line('Score', ({ row }) => <ScoreBar score={row.score} />)}
            {line('Trend', ({ trend }) => <TrendArrow trend={trend} />)}
            {line('Composite', ({ row }) => <b>{signed(row.composite, 3)}</b>)}
            {names.map((name) => {
              const best = Math.max(...standings.map((one) => one?.row.factors[name]?.normalized ?? -Infinity));
              return line(words(name), ({ row }) => <Factor factor={row.factors[name]} best={best} />);
            })}
            {line('Coverage', ({ row }) => decimals(row.coverage, 2))}
          </tbody>
        </table>
      </div>
      {standings.some((one, i) => !one && found[i]) && (
        <p className="note">–: not on {board.name} today; choose another board above.</p>
      )}
    </section>
  );
}

function Factor({ factor, best }: { factor: Standing['row']['factors'][string] | undefined; best: number }) {
  if (!factor) return <span className="soft">–</span>;
  if (factor.missing_reason) return <span className="note">{factor.missing_because}</span>;
  const z = factor.normalized ?? 0;
  const reach = Math.min(Math.abs(z) / Z_FULL, 1) * 50;
  return (
    <span className="z">
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect className="track" width="100" height="10" rx="2" />
        <rect className={z < 0 ? 'minus' : 'plus'} x={z < 0 ? 50 - reach : 50} width={reach} height="10" />
        <line className="axis" x1="50" x2="50" y2="10" />
      </svg>
      <span className={z === best ? 'figure ahead' : 'figure'}>{signed(z)}</span>
      <span className="note">{raw(factor.raw)}</span>
    </span>
  );
}
