import type { Finding } from '@/api/health';
import type { Known } from '@/api/known-symbols';
import { words } from '@/lib/format';

export interface BoardFreshness {
  /** The newest price of any member. */
  until: string | null;
  /** Members whose newest price is older than the newest of all, with its date; the oldest first. */
  older: [string, string][];
  without: string[];
}

export function boardFreshness(members: string[], known: Map<string, Known>, newest: string): BoardFreshness {
  const dated = members.map((symbol) => [symbol, known.get(symbol)?.pricedUntil ?? null] as const);
  const priced = dated.flatMap(([symbol, on]): [string, string][] => (on ? [[symbol, on]] : []));
  return {
    until: priced.reduce<string | null>((max, [, on]) => (max === null || on > max ? on : max), null),
    older: priced.filter(([, on]) => on < newest).sort(([, a], [, b]) => (a < b ? -1 : 1)),
    without: dated.filter(([, on]) => on === null).map(([symbol]) => symbol),
  };
}

/** One line for all symbols that are unranked for the same reason. */
export function groupFindings(findings: Pick<Finding, 'level' | 'what' | 'mend'>[]): Pick<Finding, 'level' | 'what' | 'mend'>[] {
  const alone: Pick<Finding, 'level' | 'what' | 'mend'>[] = [];
  const grouped = new Map<string, Set<string>>();
  for (const finding of findings) {
    const found = /^(\S+) is unranked: (.+)$/.exec(finding.what);
    if (!found) {
      alone.push(finding);
      continue;
    }
    const [, symbol = '', why = ''] = found;
    grouped.set(why, (grouped.get(why) ?? new Set()).add(symbol));
  }
  const together = [...grouped].map(([why, symbols]) => ({
    level: 'warn',
    what: `unranked, because ${words(why)}: ${[...symbols].join(', ')}`,
    mend: symbols.size === 1 ? `pacesetter doctor ${[...symbols][0] ?? ''}` : 'pacesetter doctor SYMBOL',
  }));
  return [...alone, ...together];
}
