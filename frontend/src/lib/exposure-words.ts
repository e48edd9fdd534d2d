/** What a beta and its standard error say, in words. */

import { decimals, signed } from './format';

/** Of a normal distribution: 95 % lie within so many standard errors. */
const Z_95 = 1.96;

/** Where the beta lies with 95 % confidence; none without a standard error. */
export function rangeOf(beta: number | null, se: number | null): [number, number] | undefined {
  return beta == null || se == null ? undefined : [beta - Z_95 * se, beta + Z_95 * se];
}

/** Whether the range has zero in it: then even the sign is not certain. */
export function mayBeZero(beta: number | null, se: number | null): boolean {
  const range = rangeOf(beta, se);
  return range !== undefined && range[0] <= 0 && range[1] >= 0;
}

/** `+1.12 ± 0.08`. */
export function betaAndError(beta: number | null, se: number | null): string {
  return beta == null || se == null ? signed(beta) : `${signed(beta)} ± ${decimals(se, 2)}`;
}

const HEADINGS: Record<string, [string, string]> = {
  market: ['The market', 'How much it moved, in percent, when the market moved by one percent.'],
  rate: ['Interest rates', 'Against a fund of long US government bonds, which gains when rates fall: above zero it gains with them.'],
  ridge: ['Styles, all six measured together', 'What each style adds beside the other five. They move alike, so these are the least certain.'],
  spread: ['One style against another', 'Against the return of one fund less that of another: above zero it moves with the first.'],
};

/** The heading of a kind of factor, and what its betas mean. */
export function kindInWords(kind: string): { title: string; about: string } {
  const [title = kind, about = ''] = HEADINGS[kind] ?? [];
  return { title, about };
}

/** Rows by kind: market, rate, ridge, spread, then whatever else there is. */
export function byKind<T extends { kind: string }>(rows: readonly T[]): [string, T[]][] {
  const kinds = [...new Set([...Object.keys(HEADINGS), ...rows.map((row) => row.kind)])];
  return kinds.map((kind): [string, T[]] => [kind, rows.filter((row) => row.kind === kind)]).filter(([, own]) => own.length > 0);
}
