import { readOneOf, readText } from '@/lib/search';
import { SPANS, type Span } from '@/lib/spans';

export const TABS = ['overview', 'holdings', 'risk', 'attribution', 'trades', 'imports'] as const;
export type Tab = (typeof TABS)[number];

/** What the page of a portfolio shows. */
export interface PortfolioSearch {
  /** The part that is open; the overview when absent. */
  tab?: Tab;
  /** The chart: value in money, or return against the benchmark. */
  show?: 'value' | 'return';
  span?: Span;
  /** The column by which holdings are sorted; with a minus before it, the other way round. */
  sort?: string;
  /** Correlations as a list of pairs, or as a matrix; what fits when absent. */
  as?: 'pairs' | 'matrix';
}

export function readPortfolioSearch(given: Record<string, unknown>): PortfolioSearch {
  const search: PortfolioSearch = {
    tab: readOneOf(given.tab, TABS),
    show: readOneOf(given.show, ['value', 'return'] as const),
    span: readOneOf(given.span, SPANS),
    sort: readText(given.sort),
    as: readOneOf(given.as, ['pairs', 'matrix'] as const),
  };
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}
