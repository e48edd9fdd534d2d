import type { ReportItem, ReportSection } from '@/api/desk';

/** Sections whose items are about symbols: their titles are links. */
const OF_SYMBOLS = new Set(['new_buys', 'sells', 'portfolio_alerts', 'watchlist_triggers', 'queue', 'rank_movers', 'discovery_summary']);
const TICKER = /^[A-Z0-9][A-Z0-9.^=-]{0,14}$/;

/** The symbol that an item is about: its title begins with it, and its key names it. */
export function symbolOf(section: Pick<ReportSection, 'name'>, item: Pick<ReportItem, 'key' | 'title'>): string | undefined {
  if (!OF_SYMBOLS.has(section.name)) return undefined;
  const [first = ''] = item.title.split(/[\s·:,]/);
  return item.key.split(/[\s:]/).find((one) => one === first && TICKER.test(one));
}
