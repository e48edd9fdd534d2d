/** What the figures allow to be said, in words: never more than they do. */

import type { Line, Validation } from '@/api/validation';
import { counted, decimals, signed } from '@/lib/format';

/** Below these, a figure is rather noise than news. */
const FEW_MEMBERS = 10;
const FEW_PERIODS = 24;

export interface Verdict {
  kind: 'yes' | 'no' | 'against' | 'unknown';
  title: string;
  said: string;
}

export function verdict(line: Line | undefined): Verdict {
  if (line?.ic == null || line.t == null) {
    return { kind: 'unknown', title: 'It cannot be said', said: 'Too few symbols or sessions for a correlation: at least five ranked symbols with a later price are needed on a session.' };
  }
  const over = `over ${counted(line.horizon, 'session')}`;
  const figures = `mean IC ${signed(line.ic, 3)}, t ${signed(line.t, 1)}`;
  if (Math.abs(line.t) < 2) {
    return { kind: 'no', title: `No sign that scores foretold returns ${over}`, said: `${figures}: chance alone gives as much. A t beyond ±2 would be worth a second look.` };
  }
  if (line.t > 0) {
    return { kind: 'yes', title: `Higher scores were followed by higher returns ${over}`, said: `${figures}: more than chance would easily give. ${Math.abs(line.t) < 3 ? 'With several horizons and factors looked at, one t beyond 2 is still to be expected by chance.' : ''}`.trim() };
  }
  return { kind: 'against', title: `Higher scores were followed by lower returns ${over}`, said: `${figures}: the order was wrong more often than chance would make it.` };
}

/** Why the figures may mislead here. */
export function doubts(body: Pick<Validation, 'members'>, line: Line | undefined): string[] {
  const found: string[] = [];
  if (body.members < FEW_MEMBERS) {
    found.push(`Only ${counted(body.members, 'symbol')}: the order of so few is mostly luck, and one company’s fate decides the figures.`);
  }
  const periods = line ? Math.floor(line.n / Math.max(line.horizon, 1)) : 0;
  if (line && periods < FEW_PERIODS) {
    found.push(`${counted(line.n, 'session')} hold only ${counted(periods, 'period')} of ${counted(line.horizon, 'session')} that do not overlap: few independent looks.`);
  }
  if (line?.p != null && line.p > 0.05) {
    found.push(`p = ${decimals(line.p, 2)}: if nothing were there at all, figures this far from 0 would come up in ${decimals(line.p * 100, 0)} of 100 such pasts.`);
  }
  return found;
}
