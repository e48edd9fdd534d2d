import { BOX_SORTS } from '@/lib/box-measures';
import { readDay, readOneOf, readText } from '@/lib/search';

export const OVER = ['1', '7', '30'] as const;

/** What the address of the leaderboard says: everything that is shown can be sent as a link. */
export interface BoxesSearch {
  /** The day; the newest with ranks when absent. */
  on?: string;
  /** A measure or rank; with a minus in front, its worse end first. */
  sort?: string;
  game?: string;
  /** Only boxes with this text in symbol, name or set. */
  q?: string;
  /** The days over which movers are shown. */
  over?: (typeof OVER)[number];
}

export function readBoxesSearch(given: Record<string, unknown>): BoxesSearch {
  const sort = readText(given.sort);
  const known: readonly string[] = BOX_SORTS;
  const search: BoxesSearch = {
    on: readDay(given.on),
    sort: sort && known.includes(sort.replace(/^-/, '')) ? sort : undefined,
    game: readText(given.game),
    q: readText(given.q)?.slice(0, 40),
    over: readOneOf(given.over, OVER),
  };
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}
