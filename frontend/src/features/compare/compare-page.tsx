import { SegmentedControl } from '@mantine/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type Domain, domainsQuery } from '@/api/queries';
import { symbolQuery } from '@/api/symbols';
import { useLinkKeys } from '@/lib/keys';
import { SPAN_NAMES } from '@/lib/spans';
import { Empty, ErrorBox, Waiting } from '@/ui/states';
import { useTitle } from '@/ui/use-title';
import { CompareLines } from './compare-lines';
import { CompareTable } from './compare-table';
import { type CompareSearch, MOST, readSymbols, SHOWN, type Shown } from './search';
import { SymbolAdder } from './symbol-adder';

const route = getRouteApi('/compare');
const LABELS: Record<Shown, string> = { price: 'Price', score: 'Score', rank: 'Rank' };

/** Two to six symbols side by side, on a board that they share. */
export function ComparePage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const domains = useQuery(domainsQuery);
  const symbols = useMemo(() => readSymbols(search.symbols), [search.symbols]);
  const board = chooseBoard(domains.data?.domains ?? [], symbols, search.board);
  const asked = useQueries({ queries: symbols.map((symbol) => symbolQuery(symbol)) });
  const { show = 'price', span = '1y' } = search;
  const set = (change: Partial<CompareSearch>): void =>
    void navigate({ search: (now) => ({ ...now, ...change }), replace: true });
  const keep = (next: string[]): void => set({ symbols: next.join(',') || undefined });
  useTitle('Compare');
  useLinkKeys();
  const offered = useMemo(
    () => (board?.members ?? []).filter((symbol) => !symbols.includes(symbol)).map((symbol) => ({ symbol, name: symbol })),
    [board, symbols],
  );
  const failed = asked.find((one) => one.error);

  return (
    <>
      <div className="page-head">
        <div>
          <h1>Compare</h1>
          {board && <p className="lead">On <Link to="/boards/$board" params={{ board: board.slug }}>{board.name}</Link></p>}
        </div>
        <div className="switches">
          <label className="picker">
            Board{' '}
            <select value={board?.slug ?? ''} onChange={(event) => set({ board: event.currentTarget.value })}>
              {domains.data?.domains.map((one) => <option key={one.slug} value={one.slug}>{one.name}</option>)}
            </select>
          </label>
          <SymbolAdder offered={offered} full={symbols.length >= MOST} onAdd={(symbol) => keep([...symbols, symbol])} />
        </div>
      </div>
      <ul className="compared" aria-label="Compared symbols">
        {symbols.map((symbol, i) => (
          <li key={symbol}>
            <LineMark place={i} />
            <Link to="/symbols/$ticker" params={{ ticker: symbol }} data-row={symbol}>{symbol}</Link>
            <button type="button" aria-label={`Remove ${symbol}`} onClick={() => keep(symbols.filter((one) => one !== symbol))}>×</button>
          </li>
        ))}
      </ul>
      {failed?.error && <ErrorBox error={failed.error} again={() => void failed.refetch()} />}
      {domains.isPending && <Waiting rows={1} height={320} />}
      {board && symbols.length < 2 && (
        <Empty title={symbols.length ? 'One more to compare with' : 'Nothing to compare yet'}>
          <p>Add two to six symbols of {board.name}: press <kbd>a</kbd>, type, Enter.</p>
        </Empty>
      )}
      {board && symbols.length > 1 && (
        <>
          <section className="card" aria-labelledby="lines">
            <div className="card-head">
              <h2 id="lines">{show === 'price' ? 'Price, from the same start' : LABELS[show]}</h2>
              <div className="switches">
                <SegmentedControl
                  size="xs"
                  aria-label="What the lines show"
                  value={show}
                  data={SHOWN.map((value) => ({ value, label: LABELS[value] }))}
                  onChange={(value) => set({ show: value })}
                />
                <SegmentedControl
                  size="xs"
                  aria-label="How far back"
                  value={span}
                  data={SPAN_NAMES}
                  onChange={(value) => set({ span: value })}
                />
              </div>
            </div>
            <CompareLines symbols={symbols} board={board.slug} show={show} span={span} />
          </section>
          <CompareTable symbols={symbols} board={board} found={asked.map((one) => one.data)} />
        </>
      )}
    </>
  );
}

/** The board asked for; else the one that most of the symbols are on, the smaller of two such. */
export function chooseBoard(boards: Domain[], symbols: string[], slug: string | undefined): Domain | undefined {
  const shared = (board: Domain): number => symbols.filter((symbol) => board.members.includes(symbol)).length;
  const ordered = [...boards].sort((a, b) => shared(b) - shared(a) || a.members.length - b.members.length);
  return boards.find((board) => board.slug === slug) ?? ordered[0];
}

/** The colour and dash of a line, as in the chart. */
function LineMark({ place }: { place: number }) {
  return (
    <svg className={`line-mark line-${place + 1}`} viewBox="0 0 22 6" aria-hidden="true">
      <line x2="22" y1="3" y2="3" />
    </svg>
  );
}
