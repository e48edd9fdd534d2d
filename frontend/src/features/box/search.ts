import { readDay, readOneOf } from '@/lib/search';
import { SPANS, type Span } from '@/lib/spans';

export const FORMS = ['day', 'facts'] as const;

/** What the page of a box shows. */
export interface BoxSearch {
  /** The day; the newest with a rank when absent. */
  on?: string;
  /** How far back the charts go. */
  span?: Span;
  /** The form that is open. */
  edit?: (typeof FORMS)[number];
}

export function readBoxSearch(given: Record<string, unknown>): BoxSearch {
  const search: BoxSearch = { on: readDay(given.on), span: readOneOf(given.span, SPANS), edit: readOneOf(given.edit, FORMS) };
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}
