import { getCoreRowModel, getSortedRowModel, type SortingState, useReactTable } from '@tanstack/react-table';
import { useMemo } from 'react';
import type { Row } from '@/api/queries';
import { type Column, sortDefinitions } from './columns';
import type { Sorting } from './search';

/** Rows in the order of a column; what has no value comes last, equal ones stay as they came. */
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
  const { rows: sorted } = table.getSortedRowModel();
  return useMemo(() => sorted.map((row) => row.original), [sorted]);
}
