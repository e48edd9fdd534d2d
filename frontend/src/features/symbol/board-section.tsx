import { SegmentedControl } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import type { HistoryRow } from '@/api/queries';
import type { Standing } from '@/api/symbols';
import { decimals, longDate, shortDate } from '@/lib/format';
import { within } from '@/lib/spans';
import { HeldMark } from '@/ui/held-mark';
import { RankChange } from '@/ui/rank-change';
import { RankRange } from '@/ui/rank-range';
import { ScoreBar } from '@/ui/score-bar';
import { Waiting } from '@/ui/states';
import { TrendArrow } from '@/ui/trend-arrow';
import { ChangeSection } from './change-section';
import { Evidence } from './evidence';
import { FactorBars, type Figure, Press } from './factor-bars';
import { HistoryTable } from './history-table';
import { historyInWords } from './history-words';

const RankHistoryChart = lazy(async () => ({ default: (await import('@/charts/rank-history-chart')).RankHistoryChart }));
const route = getRouteApi('/symbols/$ticker');

interface Props {
  ticker: string;
  /** The symbol's ranks on one board, newest first. */
  rows: HistoryRow[];
  /** Where it stands there today; none when it left, or while that is being asked. */
  standing: Standing | undefined;
  waiting: boolean;
}

/** A symbol on one of its boards: where it stands, why, since when, and what moved it. */
export function BoardSection({ ticker, rows, standing, waiting }: Props) {
  const { show = 'rank', span = '1y' } = route.useSearch();
  const navigate = route.useNavigate();
  const [figure, setFigure] = useState<Figure>();
  const shown = useMemo(() => within(rows, span), [rows, span]);
  const points = useMemo(
    () => shown.map((row) => ({ day: row.date, value: show === 'rank' ? row.rank : row.score })).reverse(),
    [shown, show],
  );
  const sessions = useMemo(() => rows.map((row) => row.date), [rows]);
  const newest = rows[0];
  if (!newest) return null;
  const row = standing?.row;
  const worst = rows.reduce((most, each) => Math.max(most, each.rank ?? 1), standing?.ranked ?? 1);

  return (
    <section className="card" aria-labelledby={`on-${newest.slug}`}>
      <h2 id={`on-${newest.slug}`}>
        <Link to="/boards/$board" params={{ board: newest.slug }} data-row={newest.slug}>{newest.board}</Link>{' '}
        <span className="note">{longDate(newest.date)}</span>
      </h2>
      <Standings newest={newest} standing={standing} onPress={setFigure} />
      <div className="halves">
        <div>
          <div className="card-head">
            <h3>{show === 'rank' ? 'Rank' : 'Score'} since {shortDate(points[0]?.day ?? newest.date)}</h3>
            <SegmentedControl
              size="xs"
              aria-label="What the chart shows"
              value={show}
              data={[{ value: 'rank', label: 'Rank' }, { value: 'score', label: 'Score' }]}
              onChange={(value) => void navigate({ search: (now) => ({ ...now, show: value }), replace: true })}
            />
          </div>
          <Suspense fallback={<Waiting rows={1} height={260} />}>
            <RankHistoryChart points={points} shown={show} places={worst} label={historyInWords(shown, show)} />
          </Suspense>
        </div>
        <div>
          <h3>What it is made of</h3>
          {waiting && <Waiting rows={6} height={32} />}
          {standing && row?.rank != null && <FactorBars standing={standing} onPress={setFigure} />}
          {row && row.rank == null && <p>Unranked: {row.unranked_because}.</p>}
          {!waiting && !standing && <p className="note">It is not on this board any more.</p>}
        </div>
      </div>
      <ChangeSection ticker={ticker} board={newest.slug} sessions={sessions} />
      <HistoryTable rows={shown} board={newest.board} />
      {standing && <Evidence standing={standing} figure={figure} onClose={() => setFigure(undefined)} />}
    </section>
  );
}

function Standings({ newest, standing, onPress }: { newest: HistoryRow; standing: Standing | undefined; onPress: (figure: Figure) => void }) {
  const row = standing?.row;
  const ranked = standing?.ranked ?? 1;
  return (
    <dl className="standing">
      <div>
        <dt>Rank</dt>
        <dd>
          {row?.rank != null ? (
            <Press label={`rank ${row.rank}`} onPress={() => onPress({ kind: 'score' })}><span className="big">{row.rank}</span></Press>
          ) : (
            <span className="big">{newest.rank ?? '–'}</span>
          )}
          {row && <span className="soft">of {ranked}</span>}
          {row && <HeldMark bars={row.held_bars} />}
        </dd>
      </div>
      <div>
        <dt>Change</dt>
        <dd><RankChange rank={newest.rank} change={newest.rank_change} since={newest.previous_on} /></dd>
      </div>
      <div>
        <dt>Score</dt>
        <dd>
          {row?.score != null ? (
            <Press label={`score ${decimals(row.score)}`} onPress={() => onPress({ kind: 'score' })}><ScoreBar score={row.score} /></Press>
          ) : (
            <ScoreBar score={newest.score} />
          )}
        </dd>
      </div>
      <div><dt>Trend</dt><dd><TrendArrow trend={standing?.trend} /></dd></div>
      <div><dt>90 % range</dt><dd><RankRange rank={newest.rank} interval={row?.interval} ranked={ranked} /></dd></div>
    </dl>
  );
}
