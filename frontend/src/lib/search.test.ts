import { expect, test } from 'vitest';
import { only, parseSearch, readDay, readOneOf, stringifySearch } from './search';

test('an address round-trips, plainly', () => {
  const search = { on: '2026-06-30', sort: '-score', cols: 'rank,symbol', q: 'a&b' };
  const text = stringifySearch({ ...search, method: undefined });
  expect(text).toBe('?on=2026-06-30&sort=-score&cols=rank,symbol&q=a%26b');
  expect(parseSearch(text)).toEqual(search);
});

test('a name without a value says nothing', () => {
  expect(parseSearch('?on&sort=&q=a')).toEqual({ q: 'a' });
});

test('what a page does not read is not in its address, whatever the router keeps', () => {
  const given = { on: 'garbage', q: 'a', utm: 'x' };
  const read = only(({ on, q }) => ({ ...(readDay(on) && { on }), q }));
  expect({ ...given, ...read(given) }).toEqual({ on: undefined, q: 'a', utm: undefined });
});

test('what cannot be read is dropped', () => {
  expect([readDay('2026-02-30'), readDay('yesterday'), readDay(undefined), readDay('2026-06-30')]).toEqual([undefined, undefined, undefined, '2026-06-30']);
  expect(readOneOf('week', ['1m', 'all'])).toBeUndefined();
});
