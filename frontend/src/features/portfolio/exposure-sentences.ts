/** The exposures that matter most, as sentences. */

import type { Snapshot } from '@/api/portfolios';
import { mayBeZero } from '@/lib/exposure-words';
import { decimals } from '@/lib/format';

type Row = Snapshot['exposures'][number];
const STYLES = 2; // the clearest ones

/** The market, rates, and the styles that are certain; nothing is claimed of what may be zero. */
export function mainExposures(rows: readonly Row[]): string[] {
  const market = rows.find((row) => row.kind === 'market');
  const rate = rows.find((row) => row.kind === 'rate');
  const said: string[] = [];
  if (market?.beta != null) {
    said.push(
      mayBeZero(market.beta, market.standard_error)
        ? 'It is not certain that it moves with the market at all.'
        : `When the market falls by 1 %, it tends to ${market.beta > 0 ? 'fall' : 'rise'} by ${decimals(Math.abs(market.beta), 2)} %.`,
    );
  }
  if (rate?.beta != null) {
    said.push(
      mayBeZero(rate.beta, rate.standard_error)
        ? 'No certain link to interest rates.'
        : `It tends to ${rate.beta > 0 ? 'lose' : 'gain'} when interest rates rise: ${decimals(Math.abs(rate.beta), 2)} % for each 1 % that long government bonds lose.`,
    );
  }
  const styles = rows.filter((row) => row.kind === 'spread' && row.beta != null && !mayBeZero(row.beta, row.standard_error) && row.standard_error != null);
  const clearest = styles.sort((a, b) => certainty(b) - certainty(a)).slice(0, STYLES);
  for (const row of clearest) said.push(`It moves ${(row.beta ?? 0) > 0 ? 'with' : 'against'} “${row.label.toLowerCase()}”.`);
  if (rows.some((row) => row.kind === 'spread' && row.beta != null) && clearest.length === 0) said.push('It leans to no style with certainty.');
  return said;
}

const certainty = (row: Row): number => Math.abs(row.beta ?? 0) / (row.standard_error || 1);
