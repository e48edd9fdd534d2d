/** The columns of a board: how each is shown, sorted and written into a file. */

import type { Board, Row } from '@/api/queries';
import { type Closes, POINTS } from '@/api/sparklines';
import type { Cell } from '@/lib/csv';
import { decimals, raw, signed, words } from '@/lib/format';
import { Hidden } from '@/ui/hidden';
import { RankChange } from '@/ui/rank-change';
import { RankRange } from '@/ui/rank-range';
import { ScoreBar } from '@/ui/score-bar';
import { Sparkline } from '@/ui/sparkline';
import type { TableColumn } from '@/ui/table-columns';
import { TrendArrow } from '@/ui/trend-arrow';
import { SymbolCell } from './symbol-cell';
import { WhyCell } from './why-cell';

/** What a cell shows beside the figures of its row. */
export interface Beside {
  /** The last closes; undefined until they are here. */
  closes: Closes | undefined;
  /** Whether it is chosen for comparing. */
  picked: boolean;
  onPick: (symbol: string, picked: boolean) => void;
}

export interface Column extends TableColumn<Row> {
  cell: (row: Row, beside: Beside) => React.ReactNode;
  file: (row: Row) => Record<string, Cell>;
}

export function boardColumns(board: Board): Column[] {
  const ranked = board.rows.filter((row) => row.rank != null).length;
  const names = Object.keys(board.rows.find((row) => row.rank != null)?.factors ?? {});
  return [
    {
      id: 'pick', label: 'Box for comparing', head: <Hidden>Compare</Hidden>, width: 38, from: 'desk',
      cell: (row, { picked, onPick }) => (
        <input
          type="checkbox"
          className="pick"
          checked={picked}
          aria-label={`Compare ${row.symbol}`}
          onChange={(event) => onPick(row.symbol, event.currentTarget.checked)}
        />
      ),
      file: () => ({}),
    },
    {
      id: 'rank', label: 'Rank', width: 72, narrow: 48, number: true, from: 'phone', by: (row) => row.rank,
      cell: (row) => <span className="place">{row.rank ?? '–'}</span>,
      file: (row) => ({ rank: row.rank, unranked_reason: row.unranked_reason }),
    },
    {
      id: 'change', label: 'Change', width: 96, narrow: 68, from: 'phone', by: (row) => row.rank_change, desc: true,
      cell: (row) => <RankChange rank={row.rank} change={row.rank_change} since={board.previous_on} />,
      file: (row) => ({ rank_change: row.rank_change, previous_rank: row.previous_rank, previous_on: row.previous_on }),
    },
    {
      id: 'symbol', label: 'Symbol', width: 0, from: 'phone', by: (row) => row.symbol,
      cell: (row) => <SymbolCell row={row} />,
      file: (row) => ({ symbol: row.symbol, name: row.name, held_bars: row.held_bars }),
    },
    {
      id: 'score', label: 'Score', width: 148, narrow: 66, number: true, from: 'phone', by: (row) => row.score, desc: true,
      cell: (row) => <ScoreBar score={row.score} />,
      file: (row) => ({ score: row.score }),
    },
    {
      id: 'price', label: `Price, ${POINTS} sessions`, width: 158, from: 'desk',
      cell: (_, { closes }) => <Sparkline values={closes} points={POINTS} />,
      file: () => ({}),
    },
    {
      id: 'trend', label: 'Trend', width: 104, from: 'desk', by: (row) => row.trend?.slope, desc: true,
      cell: (row) => <TrendArrow trend={row.trend} />,
      file: (row) => ({ trend: row.trend?.direction, trend_slope: row.trend?.slope }),
    },
    {
      id: 'interval', label: '90 % range', width: 186,
      from: board.rows.some((row) => row.interval) ? 'desk' : 'chosen', // measured for the newest session only
      by: (row) => row.interval?.low,
      cell: (row) => <RankRange rank={row.rank} interval={row.interval} ranked={ranked} />,
      file: (row) => ({
        rank_low: row.interval?.low,
        rank_high: row.interval?.high,
        tied_with_next: row.interval?.tied_with_next,
      }),
    },
    {
      id: 'why', label: 'Why', width: 118, narrow: 74, from: 'phone',
      cell: (row) => <WhyCell row={row} />,
      file: () => ({}),
    },
    {
      id: 'composite', label: 'Composite', width: 108, number: true, from: 'chosen', by: (row) => row.composite, desc: true,
      cell: (row) => signed(row.composite),
      file: (row) => ({ composite: row.composite }),
    },
    {
      id: 'coverage', label: 'Coverage', width: 98, number: true, from: 'chosen', by: (row) => row.coverage, desc: true,
      cell: (row) => decimals(row.coverage, 2),
      file: (row) => ({ coverage: row.coverage }),
    },
    ...names.flatMap((name) => factorColumns(name)),
  ];
}

function factorColumns(name: string): Column[] {
  const missing = (row: Row): string => row.factors[name]?.missing_because ?? '';
  return [
    {
      id: `${name}.raw`, label: `${words(name)}, raw`, width: 122, number: true, from: 'chosen',
      by: (row) => row.factors[name]?.raw, desc: true,
      cell: (row) => <span title={missing(row)}>{raw(row.factors[name]?.raw)}</span>,
      file: (row) => ({ [`${name}_raw`]: row.factors[name]?.raw }),
    },
    {
      id: `${name}.z`, label: `${words(name)}, z`, width: 112, number: true, from: 'chosen',
      by: (row) => row.factors[name]?.normalized, desc: true,
      cell: (row) => <span title={missing(row)}>{signed(row.factors[name]?.normalized)}</span>,
      file: (row) => ({ [`${name}_z`]: row.factors[name]?.normalized }),
    },
  ];
}
