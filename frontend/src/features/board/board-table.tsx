import { getCoreRowModel, getSortedRowModel, type SortingState, useReactTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import type { Row } from '@/api/queries';
import { useKeys } from '@/lib/keys';
import { type Column, sortDefinitions } from './columns';
import type { Sorting } from './search';

const ROW_PX = 52;

interface Props {
  rows: Row[];
  columns: Column[];
  shown: string[];
  sorting: Sorting;
  onSort: (sorting: Sorting) => void;
  caption: string;
  phone: boolean;
}

/** Rows as they are sorted; only those in sight are in the page, however many there are. */
export function BoardTable({ rows, columns, shown, sorting, onSort, caption, phone }: Props) {
  const sorted = useSortedRows(rows, columns, sorting);
  const box = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
    getItemKey: (i) => sorted[i]?.symbol ?? i,
  });
  const visible = columns.filter((column) => shown.includes(column.id));
  const items = list.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = list.getTotalSize() - (items.at(-1)?.end ?? 0);
  const width = (column: Column): number => (phone ? (column.narrow ?? column.width) : column.width);
  const minWidth = visible.reduce((sum, column) => sum + (width(column) || (phone ? 96 : 150)), 0);

  const focusRow = (i: number): void => {
    list.scrollToIndex(i);
    const symbol = sorted[i]?.symbol ?? '';
    const find = (): HTMLElement | null => box.current?.querySelector(`a[data-row="${CSS.escape(symbol)}"]`) ?? null;
    const link = find();
    if (link) link.focus();
    else requestAnimationFrame(() => requestAnimationFrame(() => find()?.focus())); // drawn only after the scroll
  };
  const move = (step: number): void => {
    const symbol = document.activeElement?.closest('tr')?.querySelector<HTMLElement>('a[data-row]')?.dataset.row;
    const at = sorted.findIndex((row) => row.symbol === symbol);
    if (sorted.length) focusRow(at < 0 ? (step > 0 ? 0 : sorted.length - 1) : Math.min(Math.max(at + step, 0), sorted.length - 1));
  };
  useKeys({ j: () => move(1), k: () => move(-1) });

  return (
    // A region that scrolls is reached by the keyboard too.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div ref={box} className="table-box" role="region" aria-label={caption} tabIndex={0}>
      <table className="board" aria-rowcount={sorted.length + 1} style={{ minWidth }}>
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
        <tbody>
          <Gap height={above} />
          {items.map((item) => {
            const row = sorted[item.index];
            return (
              row && (
                <tr key={row.symbol} aria-rowindex={item.index + 2} className={row.rank == null ? 'unranked' : ''}>
                  {visible.map((column) => (
                    <td key={column.id} className={`c-${column.id}${column.number ? ' number' : ''}`}>
                      {column.cell(row)}
                    </td>
                  ))}
                </tr>
              )
            );
          })}
          <Gap height={below} />
        </tbody>
      </table>
    </div>
  );
}

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
        column.label
      )}
    </th>
  );
}

export function useSortedRows(rows: Row[], columns: Column[], sorting: Sorting): Row[] {
  const definitions = useMemo(() => sortDefinitions(columns), [columns]);
  const state = useMemo<SortingState>(() => [sorting], [sorting]);
  const table = useReactTable({
    data: rows,
    columns: definitions,
    state: { sorting: state },
    getCoreRowModel: getCoreRowModel(),
    getSortedRowModel: getSortedRowModel(),
  });
  return table.getSortedRowModel().rows.map((row) => row.original);
}
