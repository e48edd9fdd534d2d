import { expect, test } from 'vitest';
import type { Line } from '@/api/validation';
import { readValidationSearch } from './search';
import { doubts, verdict } from './verdict';

const line = (over: Partial<Line>): Line => ({
  what: 'score', horizon: 21, ic: 0.03, icir: 0.2, t: 2.5, p: 0.01, n: 2500, turnover: 0.2, rank_autocorrelation: 0.9,
  spread: 0.004, quantile_returns: [], ...over,
});

test.each([
  [line({}), 'yes'],
  [line({ t: 1.9 }), 'no'],
  [line({ t: -1.9 }), 'no'],
  [line({ t: -2.1, ic: -0.02 }), 'against'],
  [line({ t: null }), 'unknown'],
  [undefined, 'unknown'],
])('a verdict says no more than the t', (given, kind) => {
  expect(verdict(given).kind).toBe(kind);
});

test('a t of two among many is said to be possible by chance', () => {
  expect(verdict(line({ t: 2.4 })).said).toContain('by chance');
  expect(verdict(line({ t: 4 })).said).not.toContain('by chance.');
});

test('few symbols, few periods and a large p are said', () => {
  expect(doubts({ members: 5 }, line({}))[0]).toContain('Only 5 symbols');
  expect(doubts({ members: 500 }, line({ n: 200 }))[0]).toContain('9 periods of 21 sessions');
  expect(doubts({ members: 500 }, line({ p: 0.4 }))[0]).toContain('40 of 100');
  expect(doubts({ members: 500 }, line({}))).toEqual([]);
});

test('an unknown horizon is dropped', () => {
  expect(readValidationSearch({ h: '7', method: 'core' })).toEqual({ method: 'core' });
});
