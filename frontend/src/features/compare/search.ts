import { readOneOf, readText } from '@/lib/search';
import { SPANS, type Span } from '@/lib/spans';

export const MOST = 6;
export const SHOWN = ['price', 'score', 'rank'] as const;
export type Shown = (typeof SHOWN)[number];

/** What is compared, and how. */
export interface CompareSearch {
  /** Symbols with commas between, at most six. */
  symbols?: string;
  /** The board on which they are compared. */
  board?: string;
  show?: Shown;
  span?: Span;
}

export function readCompareSearch(given: Record<string, unknown>): CompareSearch {
  const symbols = readSymbols(readText(given.symbols)).join(',');
  const board = readText(given.board);
  const show = readOneOf(given.show, SHOWN);
  const span = readOneOf(given.span, SPANS);
  return { ...(symbols && { symbols }), ...(board && { board }), ...(show && { show }), ...(span && { span }) };
}

/** Each symbol once, in capitals. */
export function readSymbols(text: string | undefined): string[] {
  const all = (text ?? '').split(',').map((one) => one.trim().toUpperCase());
  return [...new Set(all.filter(Boolean))].slice(0, MOST);
}
