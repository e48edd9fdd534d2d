import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { boardQuery, type HistoryRow, type Row } from '@/api/queries';
import { counted, decimals, longDate, reason, shortDate } from '@/lib/format';
import { FactorTable } from '@/ui/factor-table';
import { HeldMark } from '@/ui/held-mark';
import { RankChange } from '@/ui/rank-change';
import { RankRange } from '@/ui/rank-range';
import { ScoreBar } from '@/ui/score-bar';
import { ErrorBox, Waiting } from '@/ui/states';
import { TrendArrow } from '@/ui/trend-arrow';
import { HistoryTable } from './history-table';
import { type Measure, type Span, within } from './search';

const RankHistoryChart = lazy(async () => ({ default: (await import('@/charts/rank-history-chart')).RankHistoryChart }));

interface Props {
  ticker: string;
  /** The symbol's ranks on one board, newest first. */
  rows: HistoryRow[];
  show: Measure;
  span: Span;
}

/** A symbol on one of its boards. */
export function BoardSection({ ticker, rows, show, span }: Props) {
  const newest = rows[0];
  const asked = useQuery(boardQuery(newest?.slug ?? '', newest?.date));
  const shown = useMemo(() => within(rows, span), [rows, span]);
  const points = useMemo(
    () => shown.map((row) => ({ day: row.date, value: show === 'rank' ? row.rank : row.score })).reverse(),
    [shown, show],
  );
  if (!newest) return null;
  const row = asked.data?.rows.find((each) => each.symbol === ticker);
  const ranked = asked.data?.rows.filter((each) => each.rank != null).length ?? 1;
  const worst = Math.max(ranked, ...rows.map((each) => each.rank ?? 1));

  return (
    <section className="card" aria-labelledby={`on-${newest.slug}`}>
      <h2 id={`on-${newest.slug}`}>
        <Link to="/boards/$board" params={{ board: newest.slug }} data-row={newest.slug}>{newest.board}</Link>
      </h2>
      <p className="about">{longDate(newest.date)}</p>
      <Standing newest={newest} row={row} ranked={ranked} />
      <div className="halves">
        <div>
          <h3>{show === 'rank' ? 'Rank' : 'Score'} since {shortDate(points[0]?.day ?? newest.date)}</h3>
          <Suspense fallback={<Waiting rows={1} height={260} />}>
            <RankHistoryChart points={points} shown={show} places={worst} label={inWords(shown, show)} />
          </Suspense>
        </div>
        <div>
          <h3>Why</h3>
          {asked.error && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
          {asked.isPending && <Waiting rows={6} height={32} />}
          {row && row.rank != null && (
            <FactorTable
              factors={row.factors}
              composite={row.composite}
              coverage={row.coverage}
              caption={`What the rank of ${ticker} on ${newest.board} is made of`}
            />
          )}
          {row && row.rank == null && <p>Unranked: {row.unranked_because ?? reason(row.unranked_reason)}.</p>}
        </div>
      </div>
      <HistoryTable rows={shown} board={newest.board} />
    </section>
  );
}

function Standing({ newest, row, ranked }: { newest: HistoryRow; row: Row | undefined; ranked: number }) {
  return (
    <dl className="standing">
      <div>
        <dt>Rank</dt>
        <dd>
          <span className="big">{newest.rank ?? '–'}</span> {row && <span className="soft">of {ranked}</span>}
          {row && <HeldMark bars={row.held_bars} />}
        </dd>
      </div>
      <div>
        <dt>Change</dt>
        <dd><RankChange rank={newest.rank} change={newest.rank_change} since={newest.previous_on} /></dd>
      </div>
      <div><dt>Score</dt><dd><ScoreBar score={newest.score} /></dd></div>
      <div><dt>Trend</dt><dd><TrendArrow trend={row?.trend} /></dd></div>
      <div><dt>90 % range</dt><dd><RankRange rank={newest.rank} interval={row?.interval} ranked={ranked} /></dd></div>
    </dl>
  );
}

/** What the chart shows, for those who do not see it. */
export function inWords(rows: HistoryRow[], show: Measure): string {
  const values = rows.flatMap((row) => (row[show] == null ? [] : [row[show]]));
  if (!values.length) return 'Nothing ranked in this span.';
  const say = (value: number | undefined): string => (show === 'rank' ? String(value) : decimals(value));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const [best, worst] = show === 'rank' ? [low, high] : [high, low];
  return `${show === 'rank' ? 'Rank' : 'Score'} on ${counted(rows.length, 'session')}: from ${say(values.at(-1))} to ${say(values[0])}, best ${say(best)}, worst ${say(worst)}. The table below has every session.`;
}
