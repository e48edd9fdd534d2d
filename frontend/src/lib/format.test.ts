import { expect, test } from 'vitest';
import { counted, decimals, longDate, raw, sentence, shortDate, signed, withDays } from './format';

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

test('dates in what the server says are written as all others are, but for those of a command', () => {
  expect(withDays('replaced by the decision of 2026-11-19')).toBe('replaced by the decision of 19 Nov 2026');
  expect(sentence('2026-11-21 is a thin day: 3 boxes are ranked on it, and 9 on 2026-11-20')).toBe(
    '21 Nov 2026 is a thin day: 3 boxes are ranked on it, and 9 on 20 Nov 2026.',
  );
  expect(withDays('`pacesetter boxes --on 2026-11-19` shows 2026-11-19')).toBe('`pacesetter boxes --on 2026-11-19` shows 19 Nov 2026');
  const kept = 'NVDA-2026-11-19-note.md, 2026-11-19T07:00, 2026-13-45, 12026-11-19';
  expect(withDays(kept)).toBe(kept);
});

test('words', () => {
  expect([counted(1, 'session'), counted(1234, 'row')]).toEqual(['1 session', '1,234 rows']);
  expect(decimals(null)).toBe('–');
});
