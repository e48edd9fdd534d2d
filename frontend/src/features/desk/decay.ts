/** How signals fade: a share that is left by age in days, and what a convergence comes to on coming days. */

import { counted, decimals } from '@/lib/format';

/** From which day on a score stays below a line; null where it does not. */
export function daysUntilBelow(scores: readonly number[], line: number): number | null {
  const last = scores.reduce((found, score, i) => (score >= line ? i : found), -1);
  return last === scores.length - 1 ? null : last + 1;
}

/** How long a symbol stays at or above a line, the first score being today’s. */
export function fadeInWords(scores: readonly number[], line: number): string {
  const days = daysUntilBelow(scores, line);
  if (days === null) return `It stays at ${decimals(line, 0)} or more for all of them.`;
  return `It falls below ${decimals(line, 0)}, where it leaves the queue, in ${counted(days, 'day')}.`;
}

/** An SVG path of shares (0 to 1) by day, in a box of so many units. */
export function curvePath(shares: readonly number[], width: number, height: number): string {
  const last = Math.max(shares.length - 1, 1);
  const x = (i: number): string => ((i / last) * width).toFixed(1);
  const y = (share: number): string => ((1 - Math.min(Math.max(share, 0), 1)) * height).toFixed(1);
  return shares.map((share, i) => `${i ? 'L' : 'M'}${x(i)} ${y(share)}`).join('');
}

/** The day from which less than a share is left; null where that is on none of the days. */
export function dayBelow(shares: readonly number[], share: number): number | null {
  const at = shares.findIndex((one) => one < share);
  return at < 0 ? null : at;
}
