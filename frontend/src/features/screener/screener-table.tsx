import { memo, useMemo, useRef } from 'react';
import type { Metrics } from '@/api/daily-metrics';
import type { Sorting } from '@/lib/sorting';
import { useRowsInSight } from '@/ui/rows-in-sight';
import { VirtualTable } from '@/ui/virtual-table';
import type { Column } from './columns';

interface Props {
  /** In the order shown. */
  rows: Metrics[];
  columns: Column[];
  shown: string[];
  sorting: Sorting;
  onSort: (sorting: Sorting) => void;
  caption: string;
  phone: boolean;
}

const symbolOf = (row: Metrics): string => row.symbol;

/** The rows; only those in sight are in the page, however many there are. */
export function ScreenerTable({ rows, columns, shown, ...table }: Props) {
  const ids = shown.join();
  const visible = useMemo(() => columns.filter((column) => ids.split(',').includes(column.id)), [columns, ids]);
  const box = useRef<HTMLDivElement>(null);
  const sight = useRowsInSight(box, rows, symbolOf);
  return (
    <VirtualTable
      {...table}
      box={box}
      sight={sight}
      count={rows.length}
      visible={visible}
      row={(place) => {
        const row = rows[place];
        return row && <ScreenerRow key={row.symbol} row={row} index={place} visible={visible} />;
      }}
    />
  );
}

/** One row; it is drawn again only when something in it changed, not at every step of a scroll. */
const ScreenerRow = memo(function ScreenerRow({ row, index, visible }: { row: Metrics; index: number; visible: Column[] }) {
  return (
    <tr aria-rowindex={index + 2}>
      {visible.map((column) => (
        <td key={column.id} className={`c-${column.id}${column.number ? ' number' : ''}`}>{column.cell(row)}</td>
      ))}
    </tr>
  );
});
