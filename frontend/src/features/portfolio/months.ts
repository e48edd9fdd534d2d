/** Monthly returns as a grid: a row a year. */

import type { Month } from '@/api/portfolios';
import type { Cell } from '@/lib/csv';

export interface Year {
  year: number;
  /** Twelve; null where there is none. */
  months: (Month | null)[];
  /** The months of the year linked; null where one of them is unknown. */
  value: number | null;
  benchmark: number | null;
}

/** Newest year first. */
export function byYear(months: readonly Month[]): Year[] {
  const years = [...new Set(months.map((one) => one.year))].sort((a, b) => b - a);
  return years.map((year) => {
    const own = months.filter((one) => one.year === year);
    return {
      year,
      months: Array.from({ length: 12 }, (_, i) => own.find((one) => one.month === i + 1) ?? null),
      value: linked(own.map((one) => one.value)),
      benchmark: linked(own.map((one) => one.benchmark)),
    };
  });
}

/** (1 + a)(1 + b)… − 1; null where one is missing. */
export function linked(returns: readonly (number | null)[]): number | null {
  const known = returns.filter((one) => one != null);
  return known.length === returns.length && known.length > 0 ? known.reduce((grown, one) => grown * (1 + one), 1) - 1 : null;
}

/** How strong a cell is coloured, 0 to 4: 4 from ±8 % on. */
export function strength(value: number): number {
  const steps = [0.0005, 0.01, 0.03, 0.08];
  return steps.filter((step) => Math.abs(value) >= step).length;
}

export function monthCells(months: readonly Month[]): Cell[][] {
  return months.map((one) => [one.year, one.month, one.value, one.benchmark]);
}
