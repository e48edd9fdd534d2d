import type { Row } from '@/api/queries';
import type { Filters, Only } from './search';

const FITS: Record<Only, (row: Row) => boolean> = {
  ranked: (row) => row.rank != null,
  unranked: (row) => row.rank == null,
  up: (row) => (row.rank_change ?? 0) > 0,
  down: (row) => (row.rank_change ?? 0) < 0,
  new: (row) => row.rank != null && row.previous_on != null && row.previous_rank == null,
};

/** The rows that fit every filter; those of no known sector fit none. */
export function filterRows(rows: Row[], filters: Filters, sectors: ReadonlyMap<string, string> | undefined): Row[] {
  const sought = filters.q?.toLocaleLowerCase();
  const tests: ((row: Row) => boolean)[] = [];
  if (sought) tests.push((row) => `${row.symbol} ${row.name ?? ''}`.toLocaleLowerCase().includes(sought));
  if (filters.only) tests.push(FITS[filters.only]);
  if (filters.sector) tests.push((row) => sectors?.get(row.symbol) === filters.sector);
  if (filters.min) tests.push((row) => row.score != null && row.score >= Number(filters.min));
  if (filters.max) tests.push((row) => row.score != null && row.score <= Number(filters.max));
  return tests.length ? rows.filter((row) => tests.every((fits) => fits(row))) : rows;
}

/** How many filters are on, apart from the text. */
export function countFilters({ only, sector, min, max }: Filters): number {
  return [only, sector, min ?? max].filter((one) => one !== undefined).length;
}
