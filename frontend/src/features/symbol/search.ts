import { readDay, readOneOf, readText } from '@/lib/search';
import { SPANS, type Span } from '@/lib/spans';

export const MEASURES = ['rank', 'score'] as const;
export type Measure = (typeof MEASURES)[number];
export const PRICES = ['adjusted', 'unadjusted'] as const;
export type PriceKind = (typeof PRICES)[number];

/** What the page of a symbol shows. */
export interface SymbolSearch {
  /** The board on which it is looked at; its first when absent. */
  board?: string;
  show?: Measure;
  span?: Span;
  prices?: PriceKind;
  /** The change that is explained: from a session to another; the newest when absent. */
  from?: string;
  to?: string;
  /** The factor whose exposure is followed over time. */
  factor?: string;
  /** How far back it is followed. */
  over?: Span;
}

export function readSymbolSearch(given: Record<string, unknown>): SymbolSearch {
  const search: SymbolSearch = {
    board: readText(given.board),
    show: readOneOf(given.show, MEASURES),
    span: readOneOf(given.span, SPANS),
    prices: readOneOf(given.prices, PRICES),
    from: readDay(given.from),
    to: readDay(given.to),
    factor: readText(given.factor),
    over: readOneOf(given.over, SPANS),
  };
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}
