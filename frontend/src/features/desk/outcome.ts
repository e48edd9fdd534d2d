import type { WholeDecision } from '@/api/decisions';
import { counted, shortDate, signed } from '@/lib/format';
import { exactPrice } from '@/lib/money';

/** How the trade of a decision ended: `+8.2 %, 120.50 USD gained in 14 days`. */
export function outcomeInWords(outcome: NonNullable<WholeDecision['outcome']>, currency: string | null): { gain: string; note: string } {
  const lost = outcome.gain.startsWith('-');
  const amount = `${exactPrice(outcome.gain.replace('-', ''))} ${currency ?? ''}`.trim();
  return {
    gain: `${signed(outcome.gain_pct, 1)} %`,
    note: `${amount} ${lost ? 'lost' : 'gained'} in ${counted(outcome.days, 'day')}, closed ${shortDate(outcome.closed_on)} at ${exactPrice(outcome.price)}`,
  };
}
