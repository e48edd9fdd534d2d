/** What Ctrl-K finds, and in which order. */

import type { SpotlightActionData, SpotlightActionGroupData, SpotlightFilterFunction } from '@mantine/spotlight';
import type { Known } from '@/api/known-symbols';
import type { Domain } from '@/api/queries';
import { canBeSymbol } from '@/lib/tickers';

/** Each symbol, by its ticker, with a line of its name and its boards. */
export function aboutSymbols(domains: Domain[], known: Map<string, Known> | undefined): Map<string, string> {
  const on = new Map<string, string[]>();
  for (const ticker of known?.keys() ?? []) on.set(ticker, []);
  for (const domain of domains) {
    for (const ticker of domain.members) on.set(ticker, [...(on.get(ticker) ?? []), domain.name]);
  }
  const sorted = [...on].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(sorted.map(([ticker, boards]) => {
    const where = boards.length ? `on ${boards.join(', ')}` : 'on no board';
    const name = known?.get(ticker)?.name;
    return [ticker, name ? `${name} · ${where}` : where];
  }));
}

/** The symbols that are sealed boxes: they have pages of their own. */
export function boxesOf(domains: Pick<Domain, 'asset_type' | 'members'>[]): Set<string> {
  return new Set(domains.filter((one) => one.asset_type === 'sealed_box').flatMap((one) => one.members));
}

export const ASK = 'ask';
const LONGEST = 12; // of what is taken for a symbol that nobody knows yet

/** What is typed, where it may be a symbol that is not known yet. */
export function askable(typed: string, known: ReadonlyMap<string, unknown>): string | undefined {
  const symbol = typed.trim().toUpperCase();
  return canBeSymbol(symbol) && symbol.length <= LONGEST && !known.has(symbol) ? symbol : undefined;
}

/** How well an entry fits, 0 best; undefined where it does not. A ticker comes before a name, a beginning before a middle. */
function fit({ id, label = '', description = '' }: SpotlightActionData, query: string): number | undefined {
  if (id === ASK) return 4; // behind whatever there is
  const [name, about] = [label.toLowerCase(), description.toLowerCase()];
  if (name === query) return 0;
  if (name.startsWith(query)) return 1;
  if (name.includes(query) || ` ${about}`.includes(` ${query}`)) return 2;
  return about.includes(query) ? 3 : undefined;
}

/** The entries that fit, best first; the group of the best comes first. */
export const find: SpotlightFilterFunction = (typed, groups) => {
  const query = typed.trim().toLowerCase();
  if (!query) return groups;
  const fitting = groups.flatMap((group) => {
    const actions = 'actions' in group ? group.actions.flatMap((action) => ({ action, at: fit(action, query) ?? 9 })) : [];
    const found = actions.filter(({ at }) => at < 9).sort((a, b) => a.at - b.at);
    const best = found[0]?.at;
    return best === undefined ? [] : [{ best, group: { ...group, actions: found.map(({ action }) => action) } as SpotlightActionGroupData }];
  });
  return fitting.sort((a, b) => a.best - b.best).map(({ group }) => group);
};
