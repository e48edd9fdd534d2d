import { readOneOf, readText } from '@/lib/search';

export const VIEWS = ['work', 'batch', 'fresh', 'held'] as const;
export type View = (typeof VIEWS)[number];

export interface JobsSearch {
  /** Which part is shown; the work when absent. */
  show?: View;
  /** Prices held back of this symbol only. */
  symbol?: string;
}

export function readJobsSearch(given: Record<string, unknown>): JobsSearch {
  const [show, symbol] = [readOneOf(given.show, VIEWS), readText(given.symbol)];
  return { ...(show && { show }), ...(symbol && { symbol }) };
}
