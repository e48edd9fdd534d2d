import { expect, test } from 'vitest';
import { exact, exactPrice, roundedPrice, money, signedMoney } from './money';

test('values are rounded to what they can bear', () => {
  expect(money(1234.5, 'USD')).toBe('$1,234.50');
  expect(money(-1_234_567.4, 'GBP')).toBe('−£1,234,567');
  expect(money(1_234_567.4, 'GBP', 2)).toBe('£1,234,567.40');
  expect(money(999.6, 'USD', 0)).toBe('$1,000');
  expect(money(-0.001, 'USD')).toBe('$0.00');
  expect(money(12345, 'JPY')).toMatch(/12,345$/);
  expect(money(12, '???')).toBe('12.00 ???');
  expect(money(null, 'USD')).toBe('–');
  expect(money(Number.NaN, 'USD')).toBe('–');
});

test('a change carries its sign, unless it rounds to nothing', () => {
  expect(signedMoney(12.3, 'USD')).toBe('+$12.30');
  expect(signedMoney(-12.3, 'USD')).toBe('−$12.30');
  expect(signedMoney(0.001, 'USD')).toBe('$0.00');
});

test('exact amounts lose no digit', () => {
  expect(exact('1234567.12345678')).toBe('1,234,567.12345678');
  expect(exact('-1000')).toBe('−1,000');
  expect(exact('12.50000000')).toBe('12.5');
  expect(exact('100')).toBe('100');
  expect(exact(null)).toBe('–');
  expect(exactPrice('42.1')).toBe('42.10');
  expect(exactPrice('42')).toBe('42.00');
  expect(exactPrice('0.0123')).toBe('0.0123');
  expect(exactPrice(null)).toBe('–');
});

test('a price for reading has two decimals, unless it is below one', () => {
  expect([roundedPrice('145.5963'), roundedPrice('1234.5'), roundedPrice('0.01234'), roundedPrice(null)]).toEqual(['145.60', '1,234.50', '0.01234', '–']);
});
