import { readOneOf } from '@/lib/search';

/** Whether the form of a new portfolio is open. */
export interface PortfoliosSearch {
  edit?: 'new';
}

export function readPortfoliosSearch(given: Record<string, unknown>): PortfoliosSearch {
  const edit = readOneOf(given.edit, ['new'] as const);
  return edit ? { edit } : {};
}
