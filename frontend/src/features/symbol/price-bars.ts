import { adjusted, type Bar } from '@/api/prices';
import type { PriceKind } from './search';

export type Drawn = Pick<Bar, 'date' | 'open' | 'high' | 'low' | 'close' | 'volume'>;

/** Bars as they are drawn: an adjusted bar keeps its shape, all its prices move by the same factor. */
export function drawnBars(rows: (Drawn & Pick<Bar, 'adj_close'>)[], kind: PriceKind): Drawn[] {
  if (kind === 'unadjusted') return rows;
  return rows.map((bar) => {
    const factor = adjusted(bar) / bar.close;
    if (factor === 1) return bar;
    const scale = (value: number | null): number | null => (value == null ? null : value * factor);
    return { ...bar, open: scale(bar.open), high: scale(bar.high), low: scale(bar.low), close: adjusted(bar) };
  });
}
