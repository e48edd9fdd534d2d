import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useMemo, useRef } from 'react';
import type { Row } from '@/api/queries';
import { type Closes, useSparklines } from '@/api/sparklines';
import { useKeys } from '@/lib/keys';
import type { Beside, Column } from './columns';
import { notePress, openRow } from './row-press';
import type { Sorting } from './search';

const ROW_PX = 44;

interface Props {
  board: string;
  on: string | null;
  /** In the order shown. */
  rows: Row[];
  columns: Column[];
  shown: string[];
  sorting: Sorting;
  onSort: (sorting: Sorting) => void;
  picked: ReadonlySet<string>;
  onPick: Beside['onPick'];
  caption: string;
  phone: boolean;
}

/** The rows of a board; only those in sight are in the page, however many there are. */
export function BoardTable({ board, on, rows, columns, shown, sorting, onSort, picked, onPick, caption, phone }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    overscan: 6,
    getItemKey: (i) => rows[i]?.symbol ?? i,
  });
  const ids = shown.join();
  const visible = useMemo(() => columns.filter((column) => ids.split(',').includes(column.id)), [columns, ids]);
  const items = list.getVirtualItems();
  const inSight = items.flatMap((item) => rows[item.index]?.symbol ?? []);
  const closes = useSparklines(board, on, inSight, shown.includes('price'));
  const above = items[0]?.start ?? 0;
  const below = list.getTotalSize() - (items.at(-1)?.end ?? 0);
  const width = (column: Column): number => (phone ? (column.narrow ?? column.width) : column.width);
  const minWidth = visible.reduce((sum, column) => sum + (width(column) || (phone ? 96 : 150)), 0);

  const focusRow = (i: number): void => {
    list.scrollToIndex(i);
    const symbol = rows[i]?.symbol ?? '';
    const find = (): HTMLElement | null => box.current?.querySelector(`a[data-row="${CSS.escape(symbol)}"]`) ?? null;
    const link = find();
    if (link) link.focus();
    else requestAnimationFrame(() => requestAnimationFrame(() => find()?.focus())); // drawn only after the scroll
  };
  const move = (step: number): void => {
    const symbol = document.activeElement?.closest('tr')?.querySelector<HTMLElement>('a[data-row]')?.dataset.row;
    const at = rows.findIndex((row) => row.symbol === symbol);
    if (rows.length) focusRow(at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1));
  };
  useKeys({ j: () => move(1), k: () => move(-1) });

  return (
    // A region that scrolls is reached by the keyboard too.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div ref={box} className="table-box" role="region" aria-label={caption} tabIndex={0}>
      <table className="board" aria-rowcount={rows.length + 1} style={{ minWidth }}>
        <caption className="hidden">{caption}</caption>
        <colgroup>
          {visible.map((column) => (
            <col key={column.id} style={width(column) ? { width: width(column) } : {}} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {visible.map((column) => (
              <Head key={column.id} column={column} sorting={sorting} onSort={onSort} />
            ))}
          </tr>
        </thead>
        {/* The keyboard opens a row by the link in it. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events */}
        <tbody onPointerDown={notePress} onClick={openRow}>
          <Gap height={above} />
          {items.map((item) => {
            const row = rows[item.index];
            return (
              row && (
                <BoardRow
                  key={row.symbol}
                  row={row}
                  index={item.index}
                  visible={visible}
                  closes={closes.get(row.symbol)}
                  picked={picked.has(row.symbol)}
                  onPick={onPick}
                />
              )
            );
          })}
          <Gap height={below} />
        </tbody>
      </table>
    </div>
  );
}

interface RowProps extends Beside {
  row: Row;
  index: number;
  visible: Column[];
  closes: Closes | undefined;
}

/** One row; it is drawn again only when something in it changed, not at every step of a scroll. */
const BoardRow = memo(function BoardRow({ row, index, visible, ...beside }: RowProps) {
  return (
    <tr aria-rowindex={index + 2} className={row.rank == null ? 'unranked' : ''}>
      {visible.map((column) => (
        <td key={column.id} className={`c-${column.id}${column.number ? ' number' : ''}`}>
          {column.cell(row, beside)}
        </td>
      ))}
    </tr>
  );
});

/** The place of the rows that are not drawn. */
function Gap({ height }: { height: number }) {
  return height > 0 ? <tr aria-hidden="true" className="gap" style={{ height }}><td /></tr> : null;
}

function Head({ column, sorting, onSort }: { column: Column; sorting: Sorting; onSort: Props['onSort'] }) {
  const active = sorting.id === column.id;
  const next = active ? { id: column.id, desc: !sorting.desc } : { id: column.id, desc: column.desc ?? false };
  const order = active ? (sorting.desc ? 'descending' : 'ascending') : undefined;
  return (
    <th scope="col" aria-sort={order} className={column.number ? 'number' : ''}>
      {column.by ? (
        <button type="button" className="sort" onClick={() => onSort(next)}>
          {column.label}
          <span aria-hidden="true">{active ? (sorting.desc ? ' ↓' : ' ↑') : ''}</span>
        </button>
      ) : (
        (column.head ?? column.label)
      )}
    </th>
  );
}
