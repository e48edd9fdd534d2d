import { expect, test } from 'vitest';
import { spanStart, within } from './spans';

const rows = ['2025-07-24', '2025-06-24', '2025-06-20', '2024-07-24'].map((date) => ({ date }));

test('a span ends with the newest row, in whatever order they come', () => {
  expect(within(rows, '1m').map((row) => row.date)).toEqual(['2025-07-24', '2025-06-24']);
  expect(within([...rows].reverse(), '1y')).toHaveLength(4);
  expect(within(rows, 'all')).toBe(rows);
  expect(within([], '3m')).toEqual([]);
});

test.each([['1m', '2025-06-23'], ['1y', '2024-07-23'], ['all', undefined]] as const)('a span of %s begins on %s', (span, first) => {
  expect(spanStart('2025-07-24', span)).toBe(first);
});
