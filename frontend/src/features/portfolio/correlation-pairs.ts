/** Correlations as pairs. */

import type { Snapshot } from '@/api/portfolios';

export interface Pair {
  a: string;
  b: string;
  r: number | null;
  /** Common days. */
  n: number;
}

/** Every pair once, the most alike first; those that are not known last. */
export function pairsOf({ symbols, matrix, overlap }: Snapshot['correlations']): Pair[] {
  const pairs = symbols.flatMap((a, i) =>
    symbols.slice(i + 1).map((b, k) => {
      const j = i + 1 + k;
      return { a, b, r: matrix[i]?.[j] ?? null, n: overlap[i]?.[j] ?? 0 };
    }),
  );
  return pairs.sort((x, y) => (y.r ?? -2) - (x.r ?? -2) || x.a.localeCompare(y.a) || x.b.localeCompare(y.b));
}

/** Only holdings of which at least one correlation is known, and the names of the others. */
export function known({ symbols, matrix, overlap, mean }: Snapshot['correlations']): { of: Snapshot['correlations']; without: string[] } {
  const kept = symbols.flatMap((_, i) => (matrix[i]?.some((r, j) => j !== i && r != null) ? [i] : []));
  const cut = <T,>(rows: T[][]): T[][] => kept.map((i) => kept.flatMap((j) => rows[i]?.slice(j, j + 1) ?? []));
  return {
    of: { symbols: kept.flatMap((i) => symbols[i] ?? []), matrix: cut(matrix), overlap: cut(overlap), mean },
    without: symbols.filter((_, i) => !kept.includes(i)),
  };
}

/** How strong a cell is coloured, 0 to 4. */
export function depth(r: number): number {
  return Math.min(4, Math.floor(Math.abs(r) * 5));
}
