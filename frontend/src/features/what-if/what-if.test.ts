import { expect, test } from 'vitest';
import type { Method, Moved } from '@/api/methods';
import { byRank, movers } from './movers';
import { icVerdict, turnoverVerdict } from './verdict';
import { methodToml, ownWeights, percents, readWeights, same, shares, writeWeights } from './weights';

const part = (name: string, weight: number, relative_to: string | null = null) => ({ name, uses: `${name}_5d`, weight, relative_to });
const method: Method = {
  name: 'core', version: 3, title: 'Core', normalise: 'robust_z', score: 'percentile', coverage_min: 0.6, clip: 3, sha256: '',
  is_shipped: true, factors: [part('momentum', 0.3), part('volatility', 0.7, 'board_median')],
};
const own = ownWeights(method);

test('the address holds the sliders, and nothing where they stand as they are', () => {
  const tried = { momentum: 60, volatility: 20 };
  expect(writeWeights(tried, own)).toBe('momentum:60,volatility:20');
  expect(readWeights('momentum:60,volatility:20', own)).toEqual(tried);
  expect(writeWeights(own, own)).toBeUndefined();
});

test.each(['momentum:600', 'nobody:3', 'momentum', 'momentum:-1', 'momentum:x,,:', 'momentum:0,volatility:0'])(
  'a mangled %j still opens',
  (text) => expect(readWeights(text, own)).toEqual(own),
);

test('shares add up to one; all at zero have none', () => {
  expect(shares({ a: 10, b: 30 })).toEqual({ a: 0.25, b: 0.75 });
  expect(shares({ a: 0, b: 0 })).toBeNull();
  const thirds = Object.values(shares({ a: 1, b: 1, c: 1 }) ?? {});
  expect(thirds.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
});

test.each([
  [{ a: 1, b: 1, c: 1 }, [34, 33, 33]],
  [{ a: 30, b: 25, c: 15, d: 15, e: 15 }, [30, 25, 15, 15, 15]],
  [{ a: 1, b: 2, c: 3, d: 0 }, [17, 33, 50, 0]],
])('whole percents of %j add up to 100', (weights, expected) => {
  const whole = Object.values(percents(weights) ?? {});
  expect(whole).toEqual(expected);
  expect(whole.reduce((sum, one) => sum + one, 0)).toBe(100);
});

test('better is said where it matters only', () => {
  expect([icVerdict(0.01, 0.02), icVerdict(0.01, 0.015), icVerdict(-0.05, -0.01), icVerdict(-0.01, 0.01)]).toEqual(['better', 'about the same', 'about the same', 'better']);
  expect([icVerdict(0.02, 0.01), icVerdict(0.02, 0.02)]).toEqual(['worse', 'unchanged']);
  expect([turnoverVerdict(0.1, 0.09), turnoverVerdict(0.1, 0.095), turnoverVerdict(0.1, 0.12)]).toEqual(['better', 'about the same', 'worse']);
});

test('a method keeps everything but its weights', () => {
  const text = methodToml(method, 'mine', 'My "own"', { momentum: 1, volatility: 0 });
  expect(text).toContain('name = "mine"\nversion = 1\ntitle = "My \\"own\\""');
  expect(text).toContain('clip = 3.0');
  expect(text).toContain('name = "momentum"\nuses = "momentum_5d"\nweight = 1.0');
  expect(text).toContain('weight = 0.0\nrelative_to = "board_median"');
});

test('movers: the farthest first, unranked ones nowhere', () => {
  const row = (symbol: string, rank_before: number | null, rank: number | null): Moved => ({ symbol, rank_before, rank, score: null });
  const rows = [row('A', 1, 4), row('B', 2, 1), row('C', 3, 3), row('D', 4, 2), row('E', null, null)];
  const { up, down } = movers(rows, 5);
  expect([up, down].map((list) => list.map(({ symbol }) => symbol))).toEqual([['D', 'B'], ['A']]);
  expect(byRank(rows).map(({ symbol }) => symbol)).toEqual(['B', 'D', 'C', 'A', 'E']);
});

test('weights are the same by value', () => {
  expect([same({ a: 1 }, { a: 1 }), same({ a: 1 }, { a: 2 }), same({ a: 1 }, { a: 1, b: 0 })]).toEqual([true, false, false]);
});
