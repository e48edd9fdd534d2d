import { readDay } from '@/lib/search';

export interface HomeSearch {
  on?: string;
}

export function readHomeSearch(given: Record<string, unknown>): HomeSearch {
  const on = readDay(given.on);
  return on ? { on } : {};
}
