import { expect, test } from 'vitest';
import { writeMapping } from '@/api/portfolio-imports';
import { newestOf } from '@/api/portfolio-onboarding';
import { isWaiting, type Position, type Session, type Snapshot, type StressResult } from '@/api/portfolios';
import { readDecimal } from '@/lib/decimal';
import { known, pairsOf } from './correlation-pairs';
import { mainExposures } from './exposure-sentences';
import { distance, holdingCells, sortRows } from './holding-columns';
import { byYear, linked, strength } from './months';
import { howFar } from './on-their-way';
import { readPortfolioSearch } from './search';
import { worstFirst } from './stress-section';
import { tradeInWords } from './trade-words';
import { valuePoints } from './value-points';

test('an address that says nothing known is read as nothing', () => {
  expect(readPortfolioSearch({ tab: 'nothing', span: '7y', show: 'x', sort: '' })).toEqual({});
  expect(readPortfolioSearch({ tab: 'risk', span: '3m', as: 'pairs' })).toEqual({ tab: 'risk', span: '3m', as: 'pairs' });
});

test('months become years, linked; a year with an unknown month has no whole', () => {
  const months = [
    { year: 2024, month: 12, value: 0.1, benchmark: 0.02 },
    { year: 2025, month: 1, value: 0.1, benchmark: null },
    { year: 2025, month: 3, value: -0.5, benchmark: 0.01 },
  ];
  const [newest, before] = byYear(months);
  expect([newest?.year, before?.year]).toEqual([2025, 2024]);
  expect(newest?.value).toBeCloseTo(1.1 * 0.5 - 1, 12);
  expect(newest?.benchmark).toBeNull();
  expect(newest?.months.map((one) => one?.value ?? null)).toEqual([0.1, null, -0.5, ...Array<null>(9).fill(null)]);
  expect(linked([])).toBeNull();
  expect([0, 0.02, -0.05, 0.2].map(strength)).toEqual([0, 2, 3, 4]);
});

const session = (date: string, twr: number | null, other: number | null): Session =>
  ({ date, nav: 1, flow: 0, daily_return: 0, twr_index: twr, drawdown: -0.1, benchmark_index: other });

test('returns start anew with the span; over all of it the first day counts', () => {
  const rows = [session('2025-01-02', 1.1, 0.9), session('2025-01-03', 1.21, 0.99)];
  expect(valuePoints(rows, false).map((one) => one.own?.toFixed(6))).toEqual(['0.000000', '10.000000']);
  expect(valuePoints(rows, true).map((one) => one.own?.toFixed(6))).toEqual(['10.000000', '21.000000']);
  expect(valuePoints(rows, true)[1]?.benchmark).toBeCloseTo(-1, 12);
  expect(valuePoints([session('2025-01-02', null, null)], false)[0]).toMatchObject({ own: null, benchmark: null, drawdown: -10 });
});

const held = (symbol: string, value: number | null): Position => ({ symbol, value, weight: value, rank: null }) as Position;

test('holdings without a value come last, whichever way they are sorted', () => {
  const rows = [held('B', null), held('A', 1), held('C', 5)];
  expect(sortRows(rows, 'value', true).map((row) => row.symbol)).toEqual(['C', 'A', 'B']);
  expect(sortRows(rows, 'value', false).map((row) => row.symbol)).toEqual(['A', 'C', 'B']);
  expect(sortRows(rows, 'symbol', false).map((row) => row.symbol)).toEqual(['A', 'B', 'C']);
  expect(holdingCells(rows).head).toEqual(expect.arrayContaining(['symbol', 'weight', 'daily_pnl', 'stop_loss', 'rank']));
  expect(distance(50, '45')).toBe('−10.0 %');
  expect(distance(null, '45')).toBe('');
});

test('pairs: each once, the most alike first, the unknown last', () => {
  const pairs = pairsOf({
    symbols: ['A', 'B', 'C'],
    matrix: [[1, 0.2, null], [0.2, 1, 0.9], [null, 0.9, 1]],
    overlap: [[90, 88, 12], [88, 90, 90], [12, 90, 90]],
    mean: 0.5,
  });
  expect(pairs).toEqual([{ a: 'B', b: 'C', r: 0.9, n: 90 }, { a: 'A', b: 'B', r: 0.2, n: 88 }, { a: 'A', b: 'C', r: null, n: 12 }]);
});

test('a holding of which nothing is known is named, not drawn', () => {
  const { of, without } = known({
    symbols: ['A', 'B', 'C'],
    matrix: [[1, null, 0.9], [null, 1, null], [0.9, null, 1]],
    overlap: [[90, 3, 88], [3, 9, 3], [88, 3, 90]],
    mean: 0.9,
  });
  expect(without).toEqual(['B']);
  expect(of).toEqual({ symbols: ['A', 'C'], matrix: [[1, 0.9], [0.9, 1]], overlap: [[90, 88], [88, 90]], mean: 0.9 });
});

test('the worst scenario comes first, by what moves along where that is known', () => {
  const row = (label: string, direct: number | null, correlated: number | null) => ({ label, direct, correlated }) as StressResult;
  expect(worstFirst([row('a', -0.5, -0.1), row('b', null, null), row('c', -0.2, null)]).map((one) => one.label)).toEqual(['c', 'a', 'b']);
});

test('nothing is claimed of an exposure that may be zero', () => {
  const row = (kind: string, beta: number, standard_error: number) =>
    ({ factor: kind, label: 'Growth less value', kind, beta, standard_error, covered: 1, missing: [] }) as Snapshot['exposures'][number];
  expect(mainExposures([row('market', 0.9, 0.1), row('rate', -0.4, 0.1), row('spread', 0.8, 0.1)])).toEqual([
    'When the market falls by 1 %, it tends to fall by 0.90 %.',
    'It tends to gain when interest rates rise: 0.40 % for each 1 % that long government bonds lose.',
    'It moves with “growth less value”.',
  ]);
  expect(mainExposures([row('market', 0.1, 0.1), row('rate', 0.1, 0.1), row('spread', 0.1, 0.1)])).toEqual([
    'It is not certain that it moves with the market at all.',
    'No certain link to interest rates.',
    'It leans to no style with certainty.',
  ]);
});

test('amounts are read exactly, and what may be misread is not', () => {
  expect(readDecimal(' 1,234,567.125 ')).toBe('1234567.125');
  expect(readDecimal('0.00000001')).toBe('0.00000001');
  for (const wrong of ['', '-5', '1,5', '1.2.3', 'ten', '0.000000001']) expect(readDecimal(wrong)).toBeUndefined();
  expect(tradeInWords({ action: 'buy', quantity: '1200.50', price: '12', amount: null, currency: 'USD' })).toBe('1,200.5 × 12.00 USD');
  expect(tradeInWords({ action: 'fee', quantity: null, price: null, amount: '4.5', currency: 'EUR' })).toBe('4.50 EUR');
});

test('how far a symbol is, in words', () => {
  const stages = [{ name: 'describe', done: true }, { name: 'prices', done: false }] as never;
  expect(howFar({ stage: 'prices', stages, eta_s: 4, attempts: 0, error: null })).toEqual({ share: 50, said: 'fetching its prices · about 4 s more' });
  expect(howFar({ stage: 'queued', stages, eta_s: 300, attempts: 1, error: 'it was slow' }).said).toBe(
    'waits for its turn · about 5 min more · attempt 2, after: it was slow',
  );
});

test('the newest job of each symbol counts', () => {
  const job = (symbol: string, id: string) => ({ symbol, id }) as never;
  expect(newestOf([job('A', '3'), job('B', '2'), job('A', '1')], ['A', 'C', 'B']).map((one) => one.id)).toEqual(['3', '2']);
  expect(isWaiting({ left_out: [{ symbol: 'A', reason: 'failed', because: '' }] })).toBe(false);
  expect(isWaiting({ left_out: [{ symbol: 'A', reason: 'pending', because: '' }] })).toBe(true);
  expect(writeMapping({})).toBeUndefined();
  expect(writeMapping({ Ticker: 'symbol', 'No. of = shares': 'quantity' })).toBe('Ticker=symbol;No. of = shares=quantity');
});
