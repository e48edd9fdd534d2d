import { expect, test } from 'vitest';
import { readSort, writeSort } from './sorting';

test('sorting round-trips through the address', () => {
  expect(readSort('-score', ['rank', 'score'], 'rank')).toEqual({ id: 'score', desc: true });
  expect(readSort('nonsense', ['rank'], 'rank')).toEqual({ id: 'rank', desc: false });
  expect(writeSort({ id: 'score', desc: true }, 'rank')).toBe('-score');
  expect(writeSort({ id: 'rank', desc: false }, 'rank')).toBeUndefined();
  expect(writeSort({ id: 'rank', desc: true }, 'rank')).toBe('-rank');
});
