/** The columns of the leaderboard, and the same as a file. */

import type { Box } from '@/api/boxes';
import { BOX_MEASURES, type BoxMeasure, type MeasureId, orderOf, sayFigure, SINCE } from '@/lib/box-measures';
import { type Cell, toCsv } from '@/lib/csv';
import type { DayPoint } from '@/lib/day-series';
import { words } from '@/lib/format';
import { DayLine } from '@/ui/day-line';
import { Hidden } from '@/ui/hidden';
import { Missing } from '@/ui/missing';
import { Moved } from '@/ui/moved';
import { RankChange } from '@/ui/rank-change';
import type { TableColumn } from '@/ui/table-columns';
import { BoxCell } from './box-cell';

/** What cells show beside the figures of their row. */
export interface Beside {
  phone: boolean;
  /** The change of rank stands below the rank. */
  tight: boolean;
  on: string | undefined;
  /** The day that ranks are compared with. */
  since: string | null;
  mayName: boolean;
  /** Codes of missing figures in words. */
  reasons: Record<string, string>;
  lines: ReadonlyMap<string, DayPoint[]> | undefined;
}

export interface Column extends TableColumn<Box> {
  cell: (row: Box, beside: Beside) => React.ReactNode;
}

const DESK: readonly MeasureId[] = [
  'floor_price_usd', 'floor_price_1d_change_pct', 'floor_price_7d_change_pct', 'floor_price_30d_change_pct',
  'unified_volume_7d_ema', 'active_listings_count', 'liquidity_score', 'expected_days_to_sell',
];
const PHONE: readonly MeasureId[] = ['floor_price_usd', 'floor_price_7d_change_pct'];
const WIDTHS: Partial<Record<MeasureId, number>> = { unified_volume_7d_ema: 104, floor_price_usd: 98, active_listings_count: 74, liquidity_score: 80, expected_days_to_sell: 102 };
const NARROW: Partial<Record<MeasureId, string>> = { floor_price_usd: 'Floor' };

/** What goes where there is little room, the first first. */
const GO: readonly string[] = ['line', 'change', 'floor_price_30d_change_pct', 'liquidity_score', 'floor_price_1d_change_pct', 'active_listings_count', 'expected_days_to_sell'];
const NAME_PX = 300; // names are read at this width

/** The usual columns and the one that rows are sorted by; on a phone that one takes the place of the last, elsewhere what fits into the room. */
export function boxColumns(sorted: string, phone: boolean, room = Infinity): Column[] {
  const all = allColumns(sorted, phone);
  if (phone) return all;
  const gone = new Set<string>();
  const wide = (): number => all.reduce((sum, { id, width }) => sum + (gone.has(id) ? 0 : width || NAME_PX), 0);
  for (const id of GO) {
    if (id !== sorted && wide() > room) gone.add(id);
  }
  return all.filter(({ id }) => !gone.has(id));
}

function allColumns(sorted: string, phone: boolean): Column[] {
  const usual = phone ? PHONE : DESK;
  const extra = BOX_MEASURES.some(({ id }) => id === sorted) && !usual.includes(sorted as MeasureId) ? [sorted as MeasureId] : [];
  const shown = [...(phone && extra.length ? usual.slice(0, -1) : usual), ...extra];
  return [
    {
      id: 'rank', label: 'Rank', width: 58, narrow: 46, number: !phone, from: 'phone', by: (row) => row.current_rank,
      cell: (row, beside) => <RankCell row={row} beside={beside} />,
    },
    ...(phone ? [] : [changeColumn]),
    { id: 'symbol', label: 'Box', width: 0, from: 'phone', cell: (row, beside) => <BoxCell row={row} on={beside.on} mayName={beside.mayName} phone={beside.phone} /> },
    ...shown.map((id) => measureColumn(id, phone)),
    ...(phone ? [] : [lineColumn]),
  ];
}

const changeColumn: Column = {
  id: 'change', label: 'Change', width: 74, from: 'desk', cell: (row, beside) => <Change row={row} beside={beside} />,
};

const lineColumn: Column = {
  id: 'line', label: '60 days', width: 96, from: 'desk',
  cell: (row, { lines }) => <DayLine points={lines?.get(row.symbol)} what="floor price" />,
};

function measureColumn(id: MeasureId, phone: boolean): Column {
  const measure: BoxMeasure = BOX_MEASURES.find((one) => one.id === id) ?? BOX_MEASURES[0];
  const { unit, label: full, head: label = full } = measure;
  return {
    id, label: phone ? (NARROW[id] ?? label) : label, width: WIDTHS[id] ?? (unit === '%' ? 90 : 116), narrow: id === 'floor_price_usd' ? 74 : 86, number: true, from: 'desk',
    by: (row) => row[id], desc: orderOf(id, false) === 'desc',
    cell: (row, { reasons }) => {
      const value = row[id];
      if (value == null) return <Missing why={whyMissing(row, id, reasons)} />;
      const since = SINCE[id];
      return since ? <Moved percent={value} since={row[since]} /> : sayFigure(unit, value);
    },
  };
}

/** Why a figure is missing. */
export function whyMissing({ reasons }: Pick<Box, 'reasons'>, id: string, said: Record<string, string>): string {
  const code = reasons[id];
  return code ? (said[code] ?? words(code)) : 'not known';
}

function RankCell({ row, beside }: { row: Box; beside: Beside }) {
  if (row.current_rank == null) {
    const code = row.unranked_reason ?? '';
    return <Missing why={`unranked: ${beside.reasons[code] ?? words(code)}`} />;
  }
  return (
    <>
      <span className="place">{row.current_rank}</span>
      {beside.tight && <span className="below"><Change row={row} beside={beside} /></span>}
    </>
  );
}

function Change({ row, beside }: { row: Box; beside: Beside }) {
  if (row.current_rank == null) return <span className="soft">–<Hidden> unranked</Hidden></span>;
  return <RankChange rank={row.current_rank} change={row.rank_change} since={row.previous_on ?? beside.since} of="day" />;
}

/** Rows with every figure there is, in full, and the dates that changes are measured from. */
export function boxesCsv(rows: Box[], on: string | null): string {
  const facts = ['symbol', 'name', 'external_id', 'game', 'set_code', 'set_name', 'variant'] as const;
  const ranks = ['current_rank', 'previous_rank', 'previous_on', 'rank_change', 'unranked_reason'] as const;
  const since = ['floor_price_1d_from', 'floor_price_7d_from', 'floor_price_30d_from', 'n_observed'] as const;
  const names = [...ranks, ...facts, ...BOX_MEASURES.map(({ id }) => id), ...since];
  return toCsv(['date', ...names], rows.map((row): Cell[] => [on, ...names.map((name) => row[name])]));
}
