import { expect, test } from 'vitest';
import { parseSearch, readDay, readOneOf, stringifySearch } from './search';

test('an address round-trips, plainly', () => {
  const search = { on: '2026-06-30', sort: '-score', cols: 'rank,symbol', q: 'a&b' };
  const text = stringifySearch({ ...search, method: undefined });
  expect(text).toBe('?on=2026-06-30&sort=-score&cols=rank,symbol&q=a%26b');
  expect(parseSearch(text)).toEqual(search);
});

test('what cannot be read is dropped', () => {
  expect([readDay('2026-13-45'), readDay('yesterday'), readDay(undefined), readDay('2026-06-30')]).toEqual([undefined, undefined, undefined, '2026-06-30']);
  expect(readOneOf('week', ['1m', 'all'])).toBeUndefined();
});
