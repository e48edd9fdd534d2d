/** By which column a table is sorted, as its address says it: `score`, or `-score` for the other way round. */

export interface Sorting {
  id: string;
  desc: boolean;
}

/** What the text says; `usual` where it says nothing that is known. */
export function readSort(text: string | undefined, known: string[], usual: string): Sorting {
  const desc = text?.startsWith('-') ?? false;
  const id = desc ? text?.slice(1) : text;
  return id && known.includes(id) ? { id, desc } : { id: usual, desc: false };
}

/** Nothing for the usual order. */
export function writeSort({ id, desc }: Sorting, usual: string): string | undefined {
  if (id === usual && !desc) return undefined;
  return desc ? `-${id}` : id;
}
