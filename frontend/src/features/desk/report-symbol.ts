import type { ReportItem, ReportSection } from '@/api/desk';

/** Sections whose items are about symbols: their titles are links. */
const OF_SYMBOLS = new Set(['new_buys', 'sells', 'watchlist_triggers', 'queue', 'rank_movers', 'discovery_summary']);
const TICKER = /^[A-Z0-9][A-Z0-9.^=-]{0,14}$/;

/** The symbol that an item is about, where its title begins with one. */
export function symbolOf(section: Pick<ReportSection, 'name'>, item: Pick<ReportItem, 'key' | 'title'>): string | undefined {
  if (!OF_SYMBOLS.has(section.name)) return undefined;
  const [first = ''] = item.title.split(/[\s·:,]/);
  return [item.key, first].find((one) => TICKER.test(one) && item.title.startsWith(one));
}
