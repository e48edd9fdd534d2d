/** The columns of the holdings: how each is shown, sorted and written into a file. */

import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Position } from '@/api/portfolios';
import type { Cell } from '@/lib/csv';
import { change, percent, price, shortDate } from '@/lib/format';
import { exact, exactPrice, money } from '@/lib/money';
import { Gain } from '@/ui/gain';
import { Hidden } from '@/ui/hidden';
import { RankChange } from '@/ui/rank-change';

/** What a cell shows beside the figures of its row. */
export interface Beside {
  currency: string;
  /** Session of the snapshot. */
  on: string | null;
  onEdit: (row: Position) => void;
}

export interface Column {
  id: string;
  label: string;
  number?: boolean;
  /** Where there is no room for it. */
  hide?: 'phone-gone' | 'desk-only';
  desc?: boolean;
  by: (row: Position) => string | number | null;
  cell: (row: Position, beside: Beside) => ReactNode;
  file: (row: Position) => Record<string, Cell>;
}

export const COLUMNS: Column[] = [
  {
    id: 'symbol', label: 'Holding', by: (row) => row.symbol,
    cell: (row, { onEdit }) => (
      <>
        <Link to="/symbols/$ticker" params={{ ticker: row.symbol }} data-row={row.symbol}>{row.symbol}</Link>
        {row.side === 'short' && <span className="badge quiet">short</span>}
        {row.asset_type === 'option' && <span className="badge quiet">option</span>}
        {row.name && row.name !== row.symbol && <span className="note block">{row.name}</span>}
        {row.left_out && <span className="state warn"><span aria-hidden="true">◐</span> not counted</span>}
        <span className="phone-only"><StopCell row={row} onEdit={onEdit} /></span>
      </>
    ),
    file: (row) => ({ symbol: row.symbol, name: row.name, asset_type: row.asset_type, side: row.side, left_out: row.left_out }),
  },
  {
    id: 'weight', label: 'Weight', number: true, hide: 'phone-gone', desc: true, by: (row) => row.weight,
    cell: (row) => (
      <span className="weighed">
        {percent(row.weight, 1)}
        <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
          <rect className="track" width="100" height="6" rx="3" />
          <rect className={row.side === 'short' ? 'minus' : 'fill'} width={Math.min(Math.abs(row.weight ?? 0) * 100, 100)} height="6" rx="3" />
        </svg>
      </span>
    ),
    file: (row) => ({ weight: row.weight }),
  },
  {
    id: 'value', label: 'Value', number: true, desc: true, by: (row) => row.value,
    cell: (row, { currency, on }) => (
      <span className="nowrap">
        {money(row.value, currency)}
        <span className="note block">{exact(row.quantity)} shares</span>
        <span className="phone-only"><span className="note block">{percent(row.weight, 1)}</span><Stale row={row} on={on} /></span>
      </span>
    ),
    file: (row) => ({ value: row.value, quantity: row.quantity, currency: row.currency }),
  },
  {
    id: 'day', label: 'Day', number: true, hide: 'phone-gone', desc: true, by: (row) => row.daily_pnl,
    cell: (row, { currency }) => <Gain amount={row.daily_pnl} currency={currency} />,
    file: (row) => ({ daily_pnl: row.daily_pnl }),
  },
  {
    id: 'gain', label: 'Profit', number: true, desc: true, by: (row) => row.unrealised,
    cell: (row, { currency }) => <><Gain share={row.gain} /><span className="note block"><Gain amount={row.unrealised} currency={currency} /></span></>,
    file: (row) => ({ unrealised: row.unrealised, gain: row.gain, realised: row.realised }),
  },
  {
    id: 'price', label: 'Price', number: true, hide: 'phone-gone', by: (row) => row.price_on,
    cell: (row, { on, currency }) => <Priced row={row} on={on} currency={currency} />,
    file: (row) => ({ price: row.price, price_on: row.price_on }),
  },
  {
    id: 'entry', label: 'Entry', number: true, hide: 'phone-gone', by: (row) => row.entry_date,
    cell: (row) => <>{exactPrice(row.entry_price)}<span className="note block nowrap">{shortDate(row.entry_date)}</span></>,
    file: (row) => ({ entry_price: row.entry_price, entry_date: row.entry_date }),
  },
  {
    id: 'stop', label: 'Stop / target', hide: 'phone-gone', by: (row) => row.alert,
    cell: (row, { onEdit }) => <StopCell row={row} onEdit={onEdit} />,
    file: (row) => ({ stop_loss: row.stop_loss, target: row.target, alert: row.alert, note: row.note }),
  },
  {
    id: 'rank', label: 'Rank', hide: 'phone-gone', by: (row) => (row.rank ? row.rank.rank / row.rank.ranked : null),
    cell: (row) => <Rank row={row} />,
    file: (row) => ({ board: row.rank?.board, rank: row.rank?.rank, ranked: row.rank?.ranked, rank_on: row.rank?.on }),
  },
];

function Priced({ row, on, currency }: { row: Position; on: string | null; currency: string }) {
  if (row.price == null || row.price_on == null) return <span className="soft">–</span>;
  return (
    <>
      <span className="nowrap">{price(row.price)}{row.currency !== currency && <span className="note"> {row.currency}</span>}</span>
      <Stale row={row} on={on} />
    </>
  );
}

/** That its price is older than the session of the others. */
function Stale({ row: { price_on: day }, on }: { row: Position; on: string | null }) {
  if (day == null || on == null || day >= on) return null;
  return <span className="note block nowrap"><span aria-hidden="true">⚠</span> of {shortDate(day)}</span>;
}

function StopCell({ row, onEdit }: { row: Position; onEdit: Beside['onEdit'] }) {
  const none = row.stop_loss == null && row.target == null;
  return (
    <button type="button" className="press stop" onClick={() => onEdit(row)} aria-haspopup="dialog" title={row.note ?? undefined}>
      <Hidden>{row.symbol}: </Hidden>
      {none ? 'set a stop…' : `${exactPrice(row.stop_loss)} / ${exactPrice(row.target)}`}
      {none && <Hidden> or target</Hidden>}
      {row.alert && <b className="reached"><span aria-hidden="true"> ⚠</span> {row.alert} reached</b>}
      {row.note && <span className="note block">{row.note}</span>}
    </button>
  );
}

function Rank({ row }: { row: Position }) {
  if (!row.rank) return <span className="soft">–<Hidden> on no board</Hidden></span>;
  const { rank, ranked, board, slug, on, rank_change: moved } = row.rank;
  return (
    <>
      <Link to="/boards/$board" params={{ board: slug }} className="nowrap">{rank} of {ranked}</Link>{' '}
      {moved != null && <RankChange rank={rank} change={moved} since={on} />}
      <span className="note block">{board}</span>
    </>
  );
}

/** The rows in the order of a column; those without a value stay last either way. */
export function sortRows(rows: readonly Position[], id: string, desc: boolean): Position[] {
  const column = COLUMNS.find((one) => one.id === id);
  if (!column) return [...rows];
  return [...rows].sort((a, b) => {
    const [x, y] = [column.by(a), column.by(b)];
    if (x == null || y == null) return Number(x == null) - Number(y == null) || a.symbol.localeCompare(b.symbol);
    const order = typeof x === 'string' || typeof y === 'string' ? String(x).localeCompare(String(y)) : x - y;
    return (desc ? -order : order) || a.symbol.localeCompare(b.symbol);
  });
}

/** All columns of all rows, nothing rounded. */
export function holdingCells(rows: readonly Position[]): { head: string[]; cells: Cell[][] } {
  const records = rows.map((row) => Object.assign({}, ...COLUMNS.map((column) => column.file(row))) as Record<string, Cell>);
  const head = Object.keys(records[0] ?? { symbol: null });
  return { head, cells: records.map((record) => head.map((name) => record[name])) };
}

/** How far the price is from a stop or target, as a share of the price. */
export function distance(price: number | null, level: string | null): string {
  return price == null || level == null || price === 0 ? '' : change(Number(level) / price - 1, 1);
}
