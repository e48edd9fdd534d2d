import { decimals, percent, raw, short, withDays, words } from '@/lib/format';

const MOST = 3;
const LARGE = 100_000; // from here on, single units say nothing

/** What facts are called where there is little room; others by their own name. */
const NAMES: Record<string, string> = {
  'price.high_252d': '52-week high',
  'price.low_252d': '52-week low',
  'price.below_high_pct': 'below the 52-week high',
  'price.above_low_pct': 'above the 52-week low',
  'price.change_1d_pct': 'change in a day',
  'price.volume_ratio': 'times the usual volume',
  'price.volume_mean_30d': 'usual volume',
  'technical.rsi_14': 'RSI',
  'technical.drawdown_252d_pct': 'below the highest close of a year',
  'factor.trailing_pe': 'P/E',
  'factor.price_to_sales': 'price/sales',
  'factor.price_to_book': 'price/book',
  'factor.eps': 'EPS',
  'factor.roe': 'return on equity',
  'factor.financial_ratio': 'earnings yield',
};
/** Stored as a share of one, told in %. */
const SHARES = /^factor\.(momentum|volatility|relative_strength|financial_ratio|revenue_growth|roe|(gross|operating|profit)_margin|dividend_yield)$|^technical\.volatility_/;

/** What an agent saw, in short: its own words where it has some, else its first figures. */
export function seenInWords(data: Record<string, unknown>): string {
  for (const name of ['words', 'title', 'note', 'reason']) {
    const said = data[name];
    if (typeof said === 'string' && said) return withDays(said);
  }
  const texts = Array.isArray(data.texts) ? data.texts.flatMap((one: { title?: unknown } | null) => (typeof one?.title === 'string' ? [one.title] : [])) : [];
  const facts = typeof data.facts === 'object' && data.facts !== null ? Object.entries(data.facts) : [];
  const figures = facts.flatMap(([name, value]) => (typeof value === 'number' ? [factInWords(name, value)] : []));
  return figures.length ? figures.slice(0, MOST).join(', ') : texts.slice(0, MOST).join('; ');
}

/** `price.change_21d_pct` → `change over 21 sessions`. */
export function factName(fact: string): string {
  const own = fact.slice(fact.indexOf('.') + 1).replace(/_pct$/, '');
  return NAMES[fact] ?? words(own.replace(/^sma_(\d+)$/, '$1-session mean').replace(/_(\d+)d$/, ' over $1 sessions'));
}

/** A fact with its value, in the unit in which it is told. */
export function factInWords(name: string, value: number): string {
  const said = SHARES.test(name) ? percent(value, 1) : name.endsWith('_pct') ? `${decimals(value, 1)} %` : factValue(value);
  return `${factName(name)} ${said}`;
}

/** A fact's value as short as it can be read. */
export const factValue = (value: number): string => (Math.abs(value) >= LARGE ? short(value) : raw(value));
