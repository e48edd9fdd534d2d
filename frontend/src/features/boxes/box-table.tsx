import { useElementSize } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { type Box, floorLinesQuery } from '@/api/boxes';
import type { Sorting } from '@/lib/sorting';
import { useRowsInSight } from '@/ui/rows-in-sight';
import { VirtualTable } from '@/ui/virtual-table';
import { type Beside, boxColumns } from './columns';

interface Props {
  rows: Box[];
  /** How many there are in all. */
  count: number;
  /** The day of the rows. */
  day: string | null;
  sorting: Sorting;
  onSort: (sorting: Sorting) => void;
  beside: Omit<Beside, 'lines' | 'tight'>;
  caption: string;
  /** Asks for the rows behind these; missing where there are none. */
  onMore: (() => void) | undefined;
}

const MOST_LINES = 100; // of one question
const WHOLE_MOST = 100; // rows that the page shows without a box that scrolls in it
const SIDE_PX = 262; // beside the table, until it is measured
const STEP = MOST_LINES / 2;
const symbolOf = (row: Box): string => row.symbol;

/** The rows in the order that the server gave them; only those in sight are in the page. */
export function BoxTable({ rows, count, day, sorting, beside, onMore, ...table }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const sight = useRowsInSight(box, rows, symbolOf);
  const { ref, width } = useElementSize();
  const room = width || innerWidth - SIDE_PX;
  const columns = useMemo(() => boxColumns(sorting.id, beside.phone, room), [sorting.id, beside.phone, room]);
  const tight = !columns.some(({ id }) => id === 'change');
  const last = sight.places.at(-1) ?? 0;
  useEffect(() => {
    if (last >= rows.length - 12) onMore?.();
  }, [last, rows.length, onMore]);
  const lines = useLines(day, rows, sight.places, columns.some(({ id }) => id === 'line'));
  return (
    <div ref={ref} className={count <= WHOLE_MOST ? 'whole' : undefined}>
      <VirtualTable
        {...table}
        box={box}
        sight={sight}
        count={count}
        visible={columns}
        sorting={sorting}
        phone={beside.phone}
        row={(place) => {
          const row = rows[place];
          return (
            row && (
              <tr key={row.symbol} aria-rowindex={place + 2} className={row.current_rank == null ? 'unranked' : ''}>
                {columns.map((column) => (
                  <td key={column.id} className={`c-${column.id}${column.number ? ' number' : ''}`}>{column.cell(row, { ...beside, tight, lines })}</td>
                ))}
              </tr>
            )
          );
        }}
      />
    </div>
  );
}

/** Floor prices of a hundred rows from about the first in sight on: of all in sight, and of some behind them. */
function useLines(day: string | null, rows: Box[], places: number[], enabled: boolean): Beside['lines'] {
  const from = Math.floor((places[0] ?? 0) / STEP) * STEP;
  const symbols = useMemo(() => rows.slice(from, from + MOST_LINES).map(symbolOf).sort(), [rows, from]);
  const asked = floorLinesQuery(day ?? undefined, symbols);
  return useQuery({ ...asked, enabled: enabled && asked.enabled === true }).data;
}
