import { readOneOf, readText } from '@/lib/search';

export const HORIZONS = ['1', '5', '21', '63'] as const;
export type Horizon = (typeof HORIZONS)[number];

export interface ValidationSearch {
  /** Sessions ahead that the pictures show; 21 when absent. */
  h?: Horizon;
  method?: string;
}

export function readValidationSearch(given: Record<string, unknown>): ValidationSearch {
  const [h, method] = [readOneOf(given.h, HORIZONS), readText(given.method)];
  return { ...(h && { h }), ...(method && { method }) };
}
