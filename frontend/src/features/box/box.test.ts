import { expect, test } from 'vitest';
import type { BoxFacts } from '@/api/boxes';
import { isDoubt } from './day-form';
import { factsOf, whatChanged } from './facts';
import { readFigure, today, wrongFigure } from './figures';
import { readBoxSearch } from './search';
import { seriesInWords } from './series-words';

test.each([
  ['', null], ['  ', null], ['0', 0], ['1234.5', 1234.5], ['1,234.50', 1234.5], ['$ 12', 12],
  ['1.234,50', NaN], ['12,34', NaN], ['-3', NaN], ['1e3', NaN], ['abc', NaN], ['Infinity', NaN],
])('%o is the figure %d', (text, figure) => {
  expect(readFigure(text)).toBe(figure);
});

test.each([
  ['-3', 'Not below zero'], ['$ -3', 'Not below zero'], ['1,234.5', undefined], ['', undefined], ['0', undefined], ['abc', 'A number, such as 1,234.50'],
])('of %o is said %o', (text, said) => {
  expect(wrongFigure(text)).toBe(said);
});

test('the day is that of the server, which counts in UTC', () => {
  expect(today(new Date('2026-01-01T23:30:00-05:00'))).toBe('2026-01-02');
});

test('only facts that differ are sent, and an emptied one is cleared', () => {
  const box = { name: 'Tide Box', game: 'Shells', set_code: null, set_name: null, variant: null, released_on: null, image_url: null, reprint_risk: 'low' } as BoxFacts;
  const before = factsOf(box);
  expect(whatChanged(before, { ...before })).toEqual({});
  expect(whatChanged(before, { ...before, game: ' ', set_code: ' TD01 ', name: 'Tide Box ' })).toEqual({ game: null, set_code: 'TD01' });
});

test('a doubt is what can be confirmed, not any refusal', () => {
  expect(isDoubt({ status: 422, mend: 'mend it, or confirm it (--confirm)' })).toBe(true);
  expect(isDoubt({ status: 422, mend: 'give zero or more' })).toBe(false);
  expect(isDoubt({ status: 403, mend: 'confirm your rights' })).toBe(false);
});

test('a chart in words names its ends and its gaps', () => {
  const points = [['2026-01-01', 10], ['2026-01-02', null], ['2026-01-20', 30], ['2026-01-21', 20]].map(([date, value]) => ({ date: String(date), value: value as number | null }));
  expect(seriesInWords('Floor price', points, (value) => `$${value}`)).toBe(
    'Floor price on 3 days: from $10 on 1 Jan 2026 to $20 on 21 Jan 2026, lowest $10, highest $30; 1 gap of more than a week.',
  );
  expect(seriesInWords('Listings', [], String)).toContain('not known');
});

test('an address with nonsense still opens', () => {
  expect(readBoxSearch({ on: 'x', span: '2y', edit: 'everything' })).toEqual({});
  expect(readBoxSearch({ on: '2026-01-31', span: '3m', edit: 'day' })).toEqual({ on: '2026-01-31', span: '3m', edit: 'day' });
});
