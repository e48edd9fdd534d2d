import { raw, short, words } from '@/lib/format';

const MOST = 3;
const LARGE = 100_000; // from here on, single units say nothing

/** What an agent saw, in short: its own words where it has some, else its first figures. */
export function seenInWords(data: Record<string, unknown>): string {
  for (const name of ['words', 'title', 'note', 'reason']) {
    const said = data[name];
    if (typeof said === 'string' && said) return said;
  }
  const facts = typeof data.facts === 'object' && data.facts !== null ? Object.entries(data.facts) : [];
  return facts
    .flatMap(([name, value]) => (typeof value === 'number' ? [`${factName(name)} ${factValue(value)}`] : []))
    .slice(0, MOST)
    .join(', ');
}

/** `price.change_1d_pct` → `change 1d %`. */
export function factName(fact: string): string {
  return words(fact.slice(fact.indexOf('.') + 1)).replace(/ pct$/, ' %');
}

/** A fact's value as short as it can be read. */
export const factValue = (value: number): string => (Math.abs(value) >= LARGE ? short(value) : raw(value));
