/** What the chart of a portfolio draws. */

import type { Session } from '@/api/portfolios';
import type { PortfolioPoint } from '@/charts/portfolio-chart';
import type { Cell } from '@/lib/csv';

const asPercent = (now: number | null, first: number | null): number | null =>
  now == null || first == null || first === 0 ? null : (now / first - 1) * 100;

/** Returns start anew with the first session shown. Where that is the first of all, `whole`, its own return counts too. */
export function valuePoints(rows: readonly Session[], whole: boolean): PortfolioPoint[] {
  const own = whole ? 1 : (rows.find((row) => row.twr_index != null)?.twr_index ?? null);
  const other = whole ? 1 : (rows.find((row) => row.benchmark_index != null)?.benchmark_index ?? null);
  return rows.map((row) => ({
    date: row.date,
    value: row.nav,
    own: asPercent(row.twr_index, own),
    benchmark: asPercent(row.benchmark_index, other),
    drawdown: row.drawdown == null ? null : row.drawdown * 100,
  }));
}

export const SERIES_HEAD = ['date', 'nav', 'flow', 'daily_return', 'twr_index', 'drawdown', 'benchmark_index'] as const;

export function seriesCells(rows: readonly Session[]): Cell[][] {
  return rows.map((row) => SERIES_HEAD.map((name) => row[name]));
}
