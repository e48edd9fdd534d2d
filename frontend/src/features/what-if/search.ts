import { readText } from '@/lib/search';

/** What is tried, as an address that can be sent. */
export interface WhatIfSearch {
  board?: string;
  /** Whose factors; the board's own method when absent. */
  method?: string;
  /** The sliders, such as `momentum:40,volatility:60`; the method's own when absent. */
  w?: string;
}

export function readWhatIfSearch(given: Record<string, unknown>): WhatIfSearch {
  const [board, method, w] = [readText(given.board), readText(given.method), readText(given.w)];
  return { ...(board && { board }), ...(method && { method }), ...(w && { w }) };
}
