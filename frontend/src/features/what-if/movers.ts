import type { Moved } from '@/api/methods';

/** Places won (positive: up); null for one that enters or leaves the ranking. */
export function places(row: Moved): number | null {
  return row.rank == null || row.rank_before == null ? null : row.rank_before - row.rank;
}

/** Ranked rows in their new order, with those that are unranked at the end. */
export function byRank(rows: Moved[]): Moved[] {
  return [...rows].sort((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity) || (a.symbol < b.symbol ? -1 : 1));
}

/** Those who won and those who lost the most, farthest first. */
export function movers(rows: Moved[], most: number): { up: Moved[]; down: Moved[] } {
  const moved = byRank(rows).map((row) => [row, places(row) ?? 0] as const);
  const pick = (sign: 1 | -1): Moved[] =>
    moved.filter(([, by]) => by * sign > 0).sort(([, a], [, b]) => (b - a) * sign).slice(0, most).map(([row]) => row);
  return { up: pick(1), down: pick(-1) };
}
