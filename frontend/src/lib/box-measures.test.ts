import { expect, test } from 'vitest';
import { orderOf, sayFigure } from './box-measures';

test.each([
  ['rank', false, 'asc'],
  ['rank', true, 'desc'],
  ['floor_price_usd', false, 'desc'],
  ['floor_price_usd', true, 'asc'],
  ['expected_days_to_sell', false, 'asc'],
  ['days_to_20pct_increase', true, 'desc'],
])('%s, turned round %s: %s', (sort, flipped, order) => {
  expect(orderOf(sort, flipped)).toBe(order);
});

test.each([
  ['USD', 656.39, '$656.39', '$656.39'],
  ['USD', 5773.67, '$5,774', '$5,773.67'],
  ['%', -3.5897, '−3.6 %', '−3.6 %'],
  ['%', 0.04, '0.0 %', '0.0 %'],
  ['listings', 42, '42', '42 listings'],
  ['listings', 1, '1', '1 listing'],
  ['boxes', 1, '1', '1 box'],
  ['boxes a day', 11.39125, '11.4', '11.4 boxes a day'],
  ['days', 3.687, '3.7', '3.7 days'],
  ['0-10', 8.2684, '8.3', '8.3 of 10'],
  ['boxes', 0, '0', '0 boxes'],
])('%s: %d is %s in a column and %s alone', (unit, value, short, full) => {
  expect([sayFigure(unit, value), sayFigure(unit, value, true)]).toEqual([short, full]);
});

test('a missing figure is a dash, not a zero', () => {
  expect([sayFigure('USD', null), sayFigure('%', undefined), sayFigure('days', NaN, true)]).toEqual(['–', '–', '–']);
});
