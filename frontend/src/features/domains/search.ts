import { readText } from '@/lib/search';

/** Which board is open: one to be made (`new`), or one to be changed. */
export interface DomainsSearch {
  edit?: string;
}

export function readDomainsSearch(given: Record<string, unknown>): DomainsSearch {
  const edit = readText(given.edit);
  return edit ? { edit } : {};
}
