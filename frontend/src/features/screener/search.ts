import { readText } from '@/lib/search';

/** Which rows are shown. */
export interface Filters {
  /** Only rows with this text in symbol or name. */
  q?: string;
  sector?: string;
  /** Bounds of figures: `return_1y:10..,trailing_pe:..20`, in the units in which they are typed. */
  where?: string;
}

/** What the address of the screener says: everything that is shown can be sent as a link. */
export interface ScreenerSearch extends Filters {
  /** A column's id; with a minus in front, the other way round. */
  sort?: string;
  /** Ids of the columns shown, with commas between. */
  cols?: string;
}

export function readScreenerSearch(given: Record<string, unknown>): ScreenerSearch {
  const names = ['q', 'sector', 'where', 'sort', 'cols'] as const;
  return Object.fromEntries(names.flatMap((name) => (readText(given[name]) ? [[name, readText(given[name])]] : [])));
}
