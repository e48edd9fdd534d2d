/** The columns of the screener: how each is shown, sorted and written into a file. */

import { Link } from '@tanstack/react-router';
import type { Metrics } from '@/api/daily-metrics';
import { type Cell, toCsv } from '@/lib/csv';
import { counted, shortDate } from '@/lib/format';
import { Hidden } from '@/ui/hidden';
import { ScoreBar } from '@/ui/score-bar';
import type { TableColumn } from '@/ui/table-columns';
import { type Figure, FIGURES, unitOf } from './figures';

export interface Column extends TableColumn<Metrics> {
  cell: (row: Metrics) => React.ReactNode;
  file: (row: Metrics) => Record<string, Cell>;
}

/** `asOf`: the newest session; a row of an older one says so. What no row has is shown only where it is chosen. */
export function screenerColumns(rows: Metrics[], asOf: string | null): Column[] {
  return columnsOf(asOf).map((column) => (rows.some((row) => column.by?.(row) != null) ? column : { ...column, from: 'chosen' }));
}

function columnsOf(asOf: string | null): Column[] {
  return [
    {
      id: 'symbol', label: 'Symbol', width: 0, from: 'phone', by: (row) => row.symbol,
      cell: (row) => <SymbolCell row={row} asOf={asOf} />,
      file: (row) => ({ symbol: row.symbol, name: row.name, on: row.on }),
    },
    {
      id: 'sector', label: 'Sector', width: 130, narrow: 120, from: 'desk', by: (row) => row.sector,
      cell: (row) => <span className="clip" title={row.industry ?? undefined}>{row.sector ?? '–'}</span>,
      file: (row) => ({ sector: row.sector, industry: row.industry }),
    },
    ...FIGURES.map(figureColumn),
  ];
}

function figureColumn(figure: Figure): Column {
  const { id, label, width, narrow, from, unit } = figure;
  return {
    id, label, width, narrow, from, number: true, desc: true, by: (row) => row[id],
    cell: (row) => <FigureCell row={row} figure={figure} />,
    file: (row) => ({
      ...(unit === 'price' && { currency: row.currency }),
      [id]: row[id],
      ...(unit === 'score' && { data_quality_notes: row.quality_notes.join('; ') }),
    }),
  };
}

function FigureCell({ row, figure }: { row: Metrics; figure: Figure }) {
  const value = row[figure.id];
  const said = unitOf(figure).say(value);
  if (figure.unit === 'score') return <Quality row={row} />;
  if (figure.unit === 'price') {
    return <span className="nowrap">{said}{row.currency && row.currency !== 'USD' && <span className="note"> {row.currency}</span>}</span>;
  }
  if (figure.unit !== 'share' || value == null) return said;
  return <span className={`change ${/[1-9]/.test(said) ? (value > 0 ? 'up' : 'down') : 'same'}`}>{said}</span>;
}

/** How good the data is; the reasons are on the symbol's own page too. */
function Quality({ row: { data_quality: quality, quality_notes: notes } }: { row: Metrics }) {
  const because = notes.join('; ');
  return (
    <span title={because || 'nothing to complain of'}>
      <ScoreBar score={Math.round(quality)} digits={0} />
      {because && <Hidden>: {because}</Hidden>}
    </span>
  );
}

function SymbolCell({ row, asOf }: { row: Metrics; asOf: string | null }) {
  const old = asOf !== null && row.on < asOf;
  return (
    <span className="symbol">
      <span>
        <Link to="/symbols/$ticker" params={{ ticker: row.symbol }} data-row={row.symbol}>{row.symbol}</Link>
      </span>
      {old ? (
        <span className="note"><span aria-hidden="true">⚠</span> of {shortDate(row.on)}</span>
      ) : (
        row.name !== row.symbol && <span className="note" title={row.name ?? undefined}>{row.name}</span>
      )}
    </span>
  );
}

/** The columns shown; the one that rows are sorted by is always among them. Where there is `room` for no more, it takes the place of the last. */
export function withSorted(columns: Column[], shown: string[], sorted: string, room: boolean): string[] {
  if (shown.includes(sorted)) return shown;
  const kept = room ? shown : shown.slice(0, -1);
  return columns.map((column) => column.id).filter((id) => id === sorted || kept.includes(id));
}

/** The rows in sight as CSV, with every figure there is, in full: shares as fractions, nothing rounded. */
export function screenerCsv(rows: Metrics[], columns: Column[]): string {
  const records = rows.map((row) => Object.assign({}, ...columns.map((column) => column.file(row))) as Record<string, Cell>);
  const head = Object.keys(records[0] ?? { symbol: null });
  return toCsv(head, records.map((record) => head.map((name) => record[name])));
}

/** `12 of 503 symbols`. */
export function countInWords(shown: number, here: number, all: number): string {
  const of = Math.max(here, all);
  return shown === of ? counted(of, 'symbol') : `${shown.toLocaleString('en-GB')} of ${counted(of, 'symbol')}`;
}
