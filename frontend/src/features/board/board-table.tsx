import { memo, useMemo, useRef } from 'react';
import type { Row } from '@/api/queries';
import { type Closes, useSparklines } from '@/api/sparklines';
import type { Sorting } from '@/lib/sorting';
import { useRowsInSight } from '@/ui/rows-in-sight';
import { VirtualTable } from '@/ui/virtual-table';
import type { Beside, Column } from './columns';

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

const symbolOf = (row: Row): string => row.symbol;

/** The rows of a board; only those in sight are in the page, however many there are. */
export function BoardTable({ board, on, rows, columns, shown, picked, onPick, ...table }: Props) {
  const ids = shown.join();
  const visible = useMemo(() => columns.filter((column) => ids.split(',').includes(column.id)), [columns, ids]);
  const box = useRef<HTMLDivElement>(null);
  const sight = useRowsInSight(box, rows, symbolOf);
  const inSight = sight.places.flatMap((place) => rows[place]?.symbol ?? []);
  const closes = useSparklines(board, on, inSight, shown.includes('price'));
  return (
    <VirtualTable
      {...table}
      box={box}
      sight={sight}
      count={rows.length}
      visible={visible}
      row={(place) => {
        const row = rows[place];
        return (
          row && (
            <BoardRow
              key={row.symbol}
              row={row}
              index={place}
              visible={visible}
              closes={closes.get(row.symbol)}
              picked={picked.has(row.symbol)}
              onPick={onPick}
            />
          )
        );
      }}
    />
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
