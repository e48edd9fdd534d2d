import { readDay, readText } from '@/lib/search';

export interface HomeSearch {
  on?: string;
  /** The board whose movers are shown. */
  movers?: string;
}

export function readHomeSearch(given: Record<string, unknown>): HomeSearch {
  const on = readDay(given.on);
  const movers = readText(given.movers);
  return { ...(on && { on }), ...(movers && { movers }) };
}
