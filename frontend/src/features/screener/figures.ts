/** The figures of a symbol that can be shown, sorted and filtered by. */

import type { Metrics } from '@/api/daily-metrics';
import { change, decimals, price, short, signed } from '@/lib/format';

type Numbers = { [Name in keyof Metrics]: Metrics[Name] extends number | null ? Name : never }[keyof Metrics];

interface Unit {
  say: (value: number | null) => string;
  /** A bound is typed in this many of the figure's own: returns in percent. */
  times: number;
  /** What a bound is typed in. */
  said: string;
}

const UNITS = {
  price: { say: price, times: 1, said: '' },
  share: { say: (value) => change(value, Math.abs(value ?? 0) < 1 ? 1 : 0), times: 0.01, said: '%' },
  money: { say: short, times: 1e9, said: 'billions' },
  ratio: { say: (value) => decimals(value, 1), times: 1, said: '' },
  beta: { say: (value) => signed(value), times: 1, said: '' },
  score: { say: (value) => decimals(value, 0), times: 1, said: '0 to 100' },
} satisfies Record<string, Unit>;

export interface Figure {
  id: Numbers;
  label: string;
  unit: keyof typeof UNITS;
  width: number;
  narrow: number;
  from: 'phone' | 'desk' | 'chosen';
}

const figure = (id: Numbers, label: string, unit: Figure['unit'], from: Figure['from'] = 'chosen', width = 92, narrow = 76): Figure => ({
  id, label, unit, from, width, narrow,
});

export const FIGURES: readonly Figure[] = [
  figure('price', 'Price', 'price', 'phone', 88, 82),
  figure('return_1d', '1 day', 'share', 'phone', 78, 74),
  figure('return_mtd', 'This month', 'share', 'chosen', 106),
  figure('return_1m', '1 month', 'share', 'chosen', 90),
  figure('return_3m', '3 months', 'share', 'chosen', 98),
  figure('return_ytd', 'This year', 'share', 'desk', 92),
  figure('return_1y', '1 year', 'share', 'phone', 88, 82),
  figure('market_cap', 'Market cap', 'money', 'desk', 108),
  figure('trailing_pe', 'P/E', 'ratio', 'desk', 66),
  figure('price_to_sales', 'P/S', 'ratio', 'chosen', 72),
  figure('price_to_book', 'P/B', 'ratio', 'chosen', 72),
  figure('market_beta', 'Market beta', 'beta', 'desk', 112),
  figure('rate_beta', 'Rate beta', 'beta'),
  figure('value', 'Value', 'beta'),
  figure('growth', 'Growth', 'beta'),
  figure('momentum', 'Momentum', 'beta', 'chosen', 104),
  figure('quality', 'Quality', 'beta'),
  figure('size', 'Size', 'beta'),
  figure('low_volatility', 'Low volatility', 'beta', 'chosen', 122),
  figure('data_quality', 'Data', 'score', 'desk', 96),
];

export const unitOf = ({ unit }: Figure): Unit => UNITS[unit];
