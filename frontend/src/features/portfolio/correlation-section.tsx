import { Button, SegmentedControl } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { Snapshot } from '@/api/portfolios';
import { download, toCsv } from '@/lib/csv';
import { counted, signed } from '@/lib/format';
import { Diverging } from '@/ui/diverging';
import { depth, known, type Pair, pairsOf } from './correlation-pairs';

type Correlations = Snapshot['correlations'];
const route = getRouteApi('/portfolios/$portfolio');
const FIRST = 12;

/** How alike the holdings move: every two of them. */
export function CorrelationSection({ of: all, name }: { of: Correlations; name: string }) {
  const { as } = route.useSearch();
  const navigate = route.useNavigate();
  const phone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const { of, without } = useMemo(() => known(all), [all]);
  const pairs = useMemo(() => pairsOf(of), [of]);
  const shown = as ?? (phone ? 'pairs' : 'matrix');
  if (all.symbols.length < 2) return null;
  const save = (): void => download(`${name}-correlations.csv`, toCsv(['a', 'b', 'correlation', 'days'], pairs.map(({ a, b, r, n }) => [a, b, r, n])));
  return (
    <section className="card" aria-labelledby="correlations">
      <div className="card-head">
        <h2 id="correlations">How alike the holdings move</h2>
        <div className="switches">
          <SegmentedControl
            size="xs"
            aria-label="Shown as"
            value={shown}
            data={[{ value: 'matrix', label: 'Matrix' }, { value: 'pairs', label: 'Pairs' }]}
            onChange={(value) => void navigate({ search: (now) => ({ ...now, as: value }), replace: true, resetScroll: false })}
          />
          <Button variant="default" size="xs" onClick={save}>CSV</Button>
        </div>
      </div>
      <p className="about">
        Correlation of daily returns over the last 90 days: +1 they move as one, 0 each by itself, −1 against each other.
        {of.mean != null && <> On average <b>{signed(of.mean)}</b>{of.mean > 0.6 ? ': they would fall together.' : of.mean < 0.3 ? ': they spread the risk well.' : '.'}</>}
      </p>
      {of.symbols.length > 0 && (shown === 'matrix' ? <Matrix of={of} /> : <Pairs pairs={pairs} />)}
      {without.length > 0 && <p className="note">Too few common days to say anything of {without.join(', ')}.</p>}
      <p className="note">{shown === 'matrix' ? 'The small figure' : '“Days”'} is how many days both have a return; under 30 nothing is said.</p>
    </section>
  );
}

function Matrix({ of: { symbols, matrix, overlap } }: { of: Correlations }) {
  return (
    // A region that may scroll is reached by the keyboard too.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="wide" role="region" aria-label="Correlations of every two holdings" tabIndex={0}>
      <table className="correlations">
        <thead>
          <tr>
            <td />
            {symbols.map((symbol) => <th key={symbol} scope="col">{symbol}</th>)}
          </tr>
        </thead>
        <tbody>
          {symbols.map((symbol, i) => (
            <tr key={symbol}>
              <th scope="row">{symbol}</th>
              {symbols.map((other, j) => <Cell key={other} r={matrix[i]?.[j] ?? null} n={overlap[i]?.[j] ?? 0} own={i === j} />)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ r, n, own }: { r: number | null; n: number; own: boolean }) {
  if (own) return <td className="own"><span className="hidden">itself</span></td>;
  if (r == null) return <td><span className="soft">–</span><small>{n}</small></td>;
  return <td className={`${r < 0 ? 'fell' : 'rose'} s${depth(r)}`}>{signed(r)}<small>{n}</small></td>;
}

function Pairs({ pairs }: { pairs: Pair[] }) {
  const [all, setAll] = useState(false);
  return (
    <>
      <table className="plain-table pairs">
        <caption className="hidden">Every two holdings, the most alike first</caption>
        <thead>
          <tr>
            <th scope="col">Holdings</th>
            <th scope="col" className="number">Correlation</th>
            <td aria-hidden="true" className="picture" />
            <th scope="col" className="number">Days</th>
          </tr>
        </thead>
        <tbody>
          {(all ? pairs : pairs.slice(0, FIRST)).map(({ a, b, r, n }) => (
            <tr key={`${a} ${b}`}>
              <th scope="row">{a} <span className="soft">and</span> {b}</th>
              <td className="number">{signed(r)}</td>
              <td aria-hidden="true" className="picture">{r != null && <Diverging value={r} full={1} />}</td>
              <td className="number">{n}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {!all && pairs.length > FIRST && <button type="button" className="plain" onClick={() => setAll(true)}>Show all {counted(pairs.length, 'pair')}</button>}
    </>
  );
}
