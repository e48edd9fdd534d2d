/** Columns of a table of many rows: which are shown, and how rows are sorted by one. */

import { type ColumnDef, getCoreRowModel, getSortedRowModel, type SortingState, useReactTable } from '@tanstack/react-table';
import { type ReactNode, useMemo } from 'react';
import type { Sorting } from '@/lib/sorting';

export interface TableColumn<Row> {
  id: string;
  label: string;
  /** In its head; the label where it is missing. */
  head?: ReactNode;
  /** Pixels, and on a phone; a column of none takes what is left. */
  width: number;
  narrow?: number;
  number?: boolean;
  /** Where it is shown unless chosen otherwise. */
  from: 'phone' | 'desk' | 'chosen';
  /** Sorted by this; nothing sorts last. A first click puts large values on top where `desc`. */
  by?: (row: Row) => number | string | null | undefined;
  desc?: boolean;
}

/** The ids shown: as chosen in the address, else what fits. */
export function shownColumns(columns: Pick<TableColumn<never>, 'id' | 'from'>[], cols: string | undefined, phone: boolean): string[] {
  const known = new Set(columns.map((column) => column.id));
  const chosen = cols?.split(',').filter((id) => known.has(id)) ?? [];
  if (chosen.length) return columns.map((column) => column.id).filter((id) => id === 'symbol' || chosen.includes(id));
  const fits = phone ? ['phone'] : ['phone', 'desk'];
  return columns.filter((column) => fits.includes(column.from)).map((column) => column.id);
}

/** Rows in the order of a column; what has no value comes last, equal ones stay as they came. */
export function useSortedRows<Row>(rows: Row[], columns: TableColumn<Row>[], sorting: Sorting): Row[] {
  const definitions = useMemo(() => sortDefinitions(columns), [columns]);
  const state = useMemo<SortingState>(() => [sorting], [sorting]);
  const table = useReactTable({
    data: rows,
    columns: definitions,
    state: { sorting: state },
    getCoreRowModel: getCoreRowModel(),
    getSortedRowModel: getSortedRowModel(),
  });
  const { rows: sorted } = table.getSortedRowModel();
  return useMemo(() => sorted.map((row) => row.original), [sorted]);
}

function sortDefinitions<Row>(columns: TableColumn<Row>[]): ColumnDef<Row>[] {
  return columns.map((column) => ({
    id: column.id,
    accessorFn: (row) => column.by?.(row) ?? undefined,
    enableSorting: column.by !== undefined,
    sortUndefined: 'last',
    sortDescFirst: column.desc ?? false,
    sortingFn: 'basic',
  }));
}
