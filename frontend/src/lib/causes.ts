/** Causes of a change of rank: their names in words, and their shares, which the API sends as exact fractions. */

import { words } from './format';

const NAMES: Record<string, string> = {
  peers: 'other symbols',
  membership: 'who is on the board',
  method: 'the method',
  revisions: 'corrected data',
};

export function causeInWords(name: string): string {
  return NAMES[name] ?? words(name);
}

/** `-263/30` → −8.7667. */
export function readFraction(text: string): number {
  const [above = '0', below = '1'] = text.split('/');
  return Number(above) / Number(below);
}

/** Shares of a change, the largest first; those of nothing are left out. */
export function largestFirst(shares: Record<string, string | number>): [string, number][] {
  return Object.entries(shares)
    .map(([name, share]): [string, number] => [name, typeof share === 'number' ? share : readFraction(share)])
    .filter(([, share]) => share !== 0)
    .sort(([a, x], [b, y]) => Math.abs(y) - Math.abs(x) || a.localeCompare(b));
}

/** The cause that pushed furthest the way in which it went. */
export function mainCause(change: number, shares: Record<string, string>): [string, number] | undefined {
  return largestFirst(shares).find(([, share]) => Math.sign(share) === Math.sign(change));
}
