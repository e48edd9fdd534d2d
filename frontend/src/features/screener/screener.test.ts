import { expect, test } from 'vitest';
import type { Metrics } from '@/api/daily-metrics';
import { countInWords, screenerColumns, screenerCsv, withSorted } from './columns';
import { boundsInWords, countFilters, filterRows, readWhere, writeWhere } from './filters';
import { readScreenerSearch } from './search';

const row = {
  symbol: 'AAA', on: '2025-07-24', name: '=Evil, Inc', sector: 'Energy', industry: null, currency: 'GBX', price: 101.25, return_1y: 0.1,
  market_cap: 2e9, trailing_pe: 20, market_beta: -0.5, data_quality: 89, quality_notes: ['some prices are held back', 'old'],
} as unknown as Metrics;
const bare = { ...row, symbol: 'BBB', name: 'Bee', sector: null, return_1y: null, market_cap: null, trailing_pe: 19.9 };
const left = (filters: Parameters<typeof filterRows>[1]): string[] => filterRows([row, bare], filters).map((one) => one.symbol);

test('bounds go through the address and back', () => {
  const where = 'return_1y:10..,trailing_pe:..20.5,market_beta:-1..0';
  expect(writeWhere(readWhere(where))).toBe(where);
  expect(readWhere('nothing:1..2,price:..,price:a..b,symbol:1..2,price:-..').length).toBe(0);
  expect(readWhere('price:-..5').map(({ from, to }) => [from, to])).toEqual([['', '5']]);
  expect([writeWhere([]), readWhere(undefined)]).toEqual([undefined, []]);
});

test('bounds are in the units in which they are typed, both ends included; a missing figure fits none', () => {
  expect([left({ where: 'return_1y:10..10' }), left({ where: 'return_1y:10.1..' }), left({ where: 'return_1y:..100' })]).toEqual([['AAA'], [], ['AAA']]);
  expect([left({ where: 'market_cap:2..2' }), left({ where: 'trailing_pe:..19.9' })]).toEqual([['AAA'], ['BBB']]);
  expect(left({ where: 'market_beta:-0.5..,trailing_pe:20..' })).toEqual(['AAA']);
});

test('text, sector and bounds hold together; none leaves the rows as they are', () => {
  const rows = [row, bare];
  expect(filterRows(rows, {})).toBe(rows);
  expect([left({ q: 'bee' }), left({ q: 'a' }), left({ sector: 'Energy' }), left({ q: 'bee', sector: 'Energy' })]).toEqual([['BBB'], ['AAA'], ['AAA'], []]);
  expect([countFilters({ q: 'x' }), countFilters({ sector: 'Energy', where: 'price:1..,nothing:1..' })]).toEqual([0, 2]);
});

test('bounds in words', () => {
  const said = (where: string): string[] => readWhere(where).map(boundsInWords);
  expect(said('return_1y:10..,trailing_pe:..20,market_cap:1..5')).toEqual(['1 year from 10 %', 'P/E up to 20', 'Market cap 1 to 5 billions']);
});

test('a column that no row has is shown only where it is chosen; the sorted one always', () => {
  const columns = screenerColumns([bare], '2025-07-24');
  const from = (id: string): string | undefined => columns.find((column) => column.id === id)?.from;
  expect([from('sector'), from('return_1y'), from('trailing_pe'), from('symbol')]).toEqual(['chosen', 'chosen', 'desk', 'phone']);
  expect(withSorted(columns, ['symbol', 'price'], 'momentum', true)).toEqual(['symbol', 'price', 'momentum']);
  expect(withSorted(columns, ['symbol', 'price'], 'momentum', false)).toEqual(['symbol', 'momentum']);
  expect(withSorted(columns, ['symbol', 'price'], 'price', false)).toEqual(['symbol', 'price']);
});

test('the file has every figure in full, and no formula that runs', () => {
  const [head = '', first = ''] = screenerCsv([row], screenerColumns([row], null)).split('\r\n');
  const cell = (name: string): string | undefined => first.replace('"\'=Evil, Inc"', 'name').split(',')[head.split(',').indexOf(name)];
  expect(first).toContain('"\'=Evil, Inc"');
  expect([cell('currency'), cell('return_1y'), cell('market_cap'), cell('data_quality_notes')]).toEqual(['GBX', '0.1', '2000000000', 'some prices are held back; old']);
});

test('how many of how many', () => {
  expect([countInWords(3, 3, 3), countInWords(1, 1000, 5000), countInWords(1, 1, 1)]).toEqual(['3 symbols', '1 of 5,000 symbols', '1 symbol']);
});

test('a mangled address still opens', () => {
  expect(readScreenerSearch({ q: 7, sort: ['x'], cols: '', where: 'price:1..' })).toEqual({ q: '7', where: 'price:1..' });
});
