import { readDay, readText } from '@/lib/search';

/** What the address of a board says: everything that is shown can be sent as a link. */
export interface BoardSearch {
  /** The session; the newest when absent. */
  on?: string;
  /** Another method than the board's own, computed on the spot. */
  method?: string;
  /** Only rows with this text in symbol or name. */
  q?: string;
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
    sort: readText(given.sort),
    cols: readText(given.cols),
  };
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}

export interface Sorting {
  id: string;
  desc: boolean;
}

export function readSort(text: string | undefined, known: string[]): Sorting {
  const desc = text?.startsWith('-') ?? false;
  const id = desc ? text?.slice(1) : text;
  return id && known.includes(id) ? { id, desc } : { id: 'rank', desc: false };
}

export function writeSort({ id, desc }: Sorting): string | undefined {
  if (id === 'rank' && !desc) return undefined;
  return desc ? `-${id}` : id;
}
