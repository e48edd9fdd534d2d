import { readDay, readOneOf, readText } from '@/lib/search';

export const ONLY = ['ranked', 'unranked', 'up', 'down', 'new'] as const;
export type Only = (typeof ONLY)[number];

/** Which rows are shown. */
export interface Filters {
  /** Only rows with this text in symbol or name. */
  q?: string;
  only?: Only;
  sector?: string;
  /** Scores from and up to, both included. */
  min?: string;
  max?: string;
}

/** What the address of a board says: everything that is shown can be sent as a link. */
export interface BoardSearch extends Filters {
  /** The session; the newest when absent. */
  on?: string;
  /** Another method than the board's own, computed on the spot. */
  method?: string;
  /** A column's id; with a minus in front, the other way round. */
  sort?: string;
  /** Ids of the columns shown, with commas between. */
  cols?: string;
}

export function readBoardSearch(given: Record<string, unknown>): BoardSearch {
  const search: BoardSearch = {
    on: readDay(given.on),
    method: readText(given.method),
    q: readText(given.q),
    only: readOneOf(given.only, ONLY),
    sector: readText(given.sector),
    min: readScore(given.min),
    max: readScore(given.max),
    sort: readText(given.sort),
    cols: readText(given.cols),
  };
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}

/** A score from 0 to 100, as it was written. */
export function readScore(value: unknown): string | undefined {
  const text = readText(value)?.trim();
  return text && Number(text) >= 0 && Number(text) <= 100 ? text : undefined;
}
