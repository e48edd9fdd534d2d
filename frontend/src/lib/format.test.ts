import { expect, test } from 'vitest';
import { counted, decimals, longDate, raw, shortDate, signed } from './format';

test.each([
  [0.004, '0.00'],
  [-0.004, '0.00'],
  [-2.226, '−2.23'],
  [1.5, '+1.50'],
  [null, '–'],
  [Number.NaN, '–'],
])('%s with its sign is %s', (value, text) => {
  expect(signed(value)).toBe(text);
});

test.each([
  [123.456, '123.5'],
  [-1.234, '−1.23'],
  [0.123456, '0.1235'],
  [undefined, '–'],
])('a raw %s is %s', (value, text) => {
  expect(raw(value)).toBe(text);
});

test('a date is the same day in every time zone', () => {
  expect(longDate('2026-06-30')).toBe('Tuesday, 30 June 2026');
  expect(shortDate('2026-01-01')).toBe('1 Jan 2026');
});

test('words', () => {
  expect([counted(1, 'session'), counted(1234, 'row')]).toEqual(['1 session', '1,234 rows']);
  expect(decimals(null)).toBe('–');
});
