import { expect, test } from 'vitest';
import { within } from './spans';

const rows = ['2025-07-24', '2025-06-24', '2025-06-20', '2024-07-24'].map((date) => ({ date }));

test('a span ends with the newest row, in whatever order they come', () => {
  expect(within(rows, '1m').map((row) => row.date)).toEqual(['2025-07-24', '2025-06-24']);
  expect(within([...rows].reverse(), '1y')).toHaveLength(4);
  expect(within(rows, 'all')).toBe(rows);
  expect(within([], '3m')).toEqual([]);
});
