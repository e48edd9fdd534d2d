/** The measures of boxes: what each is called where there is little room, and how its figures are said. */

import { grouped, signed } from './format';
import { money } from './money';

export type Unit = 'USD' | '%' | 'boxes' | 'boxes a day' | 'listings' | 'days' | '0-10';

export interface BoxMeasure {
  id: string;
  label: string;
  unit: Unit;
  /** The head of its column, where the label is too long for it. */
  head?: string;
  /** Whether the smaller figure comes first where no order is asked for. */
  low?: boolean;
}

/** In the order of the API, which has the full names, the formulas and what they mean. */
export const BOX_MEASURES = [
  { id: 'floor_price_usd', label: 'Floor price', unit: 'USD' },
  { id: 'floor_price_1d_change_pct', label: '1 day', unit: '%' },
  { id: 'floor_price_7d_change_pct', label: '7 days', unit: '%' },
  { id: 'floor_price_30d_change_pct', label: '30 days', unit: '%' },
  { id: 'daily_volume_usd', label: 'Volume of the day', unit: 'USD', head: 'Day volume' },
  { id: 'unified_volume_usd', label: 'Volume of 30 days', unit: 'USD', head: '30-day vol.' },
  { id: 'unified_volume_7d_ema', label: 'Volume a day, 7-day EMA', unit: 'USD', head: 'EMA volume' },
  { id: 'boxes_sold_per_day', label: 'Sold on the day', unit: 'boxes', head: 'Sold' },
  { id: 'boxes_sold_30d_avg', label: 'Sold a day, mean of 30 days', unit: 'boxes a day', head: 'Sold a day' },
  { id: 'active_listings_count', label: 'Listings', unit: 'listings' },
  { id: 'boxes_added_today', label: 'Added on the day', unit: 'boxes', head: 'Added' },
  { id: 'liquidity_score', label: 'Liquidity', unit: '0-10' },
  { id: 'days_to_20pct_increase', label: 'Days to a 20 % rise', unit: 'days', head: 'Days to +20 %', low: true },
  { id: 'expected_days_to_sell', label: 'Days to sell', unit: 'days', low: true },
  { id: 'visible_market_cap_usd', label: 'Value of all listings', unit: 'USD', head: 'Listed value' },
] as const satisfies readonly BoxMeasure[];

export type MeasureId = (typeof BOX_MEASURES)[number]['id'];

export type SortId = 'rank' | MeasureId;

/** Everything that a leaderboard can be sorted by. */
export const BOX_SORTS: readonly SortId[] = ['rank', ...BOX_MEASURES.map(({ id }) => id)];

/** What is asked of the API: the better end first, unless the other one is wanted. */
export function orderOf(sort: string, flipped: boolean): 'asc' | 'desc' {
  const measure: BoxMeasure | undefined = BOX_MEASURES.find(({ id }) => id === sort);
  const lowFirst = !measure || measure.low === true;
  return lowFirst === flipped ? 'desc' : 'asc';
}

const CENTS_MOST = 1000; // in a column, cents of more than that say nothing
const ONE: Record<string, string> = { boxes: 'box', 'boxes a day': 'box a day', listings: 'listing', days: 'day' };

/** A figure in its unit, which is said only where the head of its column does not. */
export function sayFigure(unit: string, value: number | null | undefined, full = false): string {
  if (value == null || !Number.isFinite(value)) return '–';
  if (unit === 'USD') return money(value, 'USD', full || value < CENTS_MOST ? undefined : 0);
  if (unit === '%') return `${signed(value, 1)} %`;
  const text = grouped(value, Number.isInteger(value) ? 0 : 1);
  if (!full) return text;
  if (unit === '0-10') return `${text} of 10`;
  return `${text} ${value === 1 ? (ONE[unit] ?? unit) : unit}`;
}

/** The change columns, and where the date that they are measured from is. */
export const SINCE: Partial<Record<MeasureId, `floor_price_${1 | 7 | 30}d_from`>> = {
  floor_price_1d_change_pct: 'floor_price_1d_from',
  floor_price_7d_change_pct: 'floor_price_7d_from',
  floor_price_30d_change_pct: 'floor_price_30d_from',
};
