import { expect, test } from 'vitest';
import type { Box } from '@/api/boxes';
import { BOX_SORTS } from '@/lib/box-measures';
import { inWords } from './box-rows';
import { boxColumns, boxesCsv, whyMissing } from './columns';
import { breadthInWords, indexInWords, newestLine } from './market-words';
import { readBoxesSearch } from './search';
import { readBoxSort, writeBoxSort } from './sorting';

test('what the address says of the order comes back as it was', () => {
  for (const id of BOX_SORTS) {
    for (const text of [id, `-${id}`]) {
      const usual = text === 'rank';
      expect(writeBoxSort(readBoxSort(usual ? undefined : text))).toBe(usual ? undefined : text);
    }
  }
});

test('the better end is first: large prices, few days to sell', () => {
  expect(readBoxSort(undefined)).toEqual({ id: 'rank', desc: false });
  expect(readBoxSort('floor_price_usd')).toEqual({ id: 'floor_price_usd', desc: true });
  expect(readBoxSort('-floor_price_usd')).toEqual({ id: 'floor_price_usd', desc: false });
  expect(readBoxSort('expected_days_to_sell')).toEqual({ id: 'expected_days_to_sell', desc: false });
});

test('an address with nonsense still opens', () => {
  expect(readBoxesSearch({ on: '2026-13-45', sort: 'price; drop', game: '', over: '5', q: 'x'.repeat(99) })).toEqual({ q: 'x'.repeat(40) });
  expect(readBoxesSearch({ on: '2026-01-31', sort: '-liquidity_score', over: '30' })).toEqual({ on: '2026-01-31', sort: '-liquidity_score', over: '30' });
});

test('the measure that rows are sorted by has a column, once; on a phone in the place of the last', () => {
  const ids = (sort: string, phone: boolean): string[] => boxColumns(sort, phone).map(({ id }) => id);
  expect(ids('visible_market_cap_usd', false).filter((id) => id === 'visible_market_cap_usd')).toHaveLength(1);
  expect(ids('floor_price_usd', false).filter((id) => id === 'floor_price_usd')).toHaveLength(1);
  expect(ids('rank', true)).toEqual(['rank', 'symbol', 'floor_price_usd', 'floor_price_7d_change_pct']);
  expect(ids('liquidity_score', true)).toEqual(['rank', 'symbol', 'floor_price_usd', 'liquidity_score']);
});

test.each([[1018, 'rank'], [1178, 'rank'], [1018, 'floor_price_30d_change_pct'], [740, 'days_to_20pct_increase']])('in %i pixels names keep their room, and the measure sorted by stays (%s)', (room, sort) => {
  const shown = boxColumns(sort, false, room);
  const ids = shown.map(({ id }) => id);
  expect(room - shown.reduce((sum, { width }) => sum + width, 0)).toBeGreaterThanOrEqual(260);
  expect(ids).toEqual(expect.arrayContaining(['rank', 'symbol', 'floor_price_usd', 'unified_volume_7d_ema', sort === 'rank' ? 'rank' : sort]));
  expect(ids).not.toContain('line');
  expect(boxColumns(sort, false).map(({ id }) => id)).toContain('line');
});

test('of two indexes with other beginnings only the newer one is drawn, once it has two points', () => {
  const old = [{ date: '2026-01-01', index: 100, base_on: '2026-01-01' }, { date: '2026-01-02', index: 300, base_on: '2026-01-01' }];
  const begun = [...old, { date: '2026-01-05', index: null, base_on: '2026-01-05' }];
  expect(newestLine(begun)).toMatchObject({ base: '2026-01-01', before: null });
  const { base, points, before } = newestLine([...begun, { date: '2026-01-06', index: 98, base_on: '2026-01-05' }, { date: '2026-01-07', index: null, base_on: null }]);
  expect([base, before?.date]).toEqual(['2026-01-05', '2026-01-02']);
  expect(points).toEqual([{ date: '2026-01-05', value: 100 }, { date: '2026-01-06', value: 98 }]);
  expect(newestLine([]).base).toBeNull();
});

test('why a figure is missing, in words', () => {
  const row = { reasons: { liquidity_score: 'few_days', floor_price_usd: 'brand_new_code' } };
  expect(whyMissing(row, 'liquidity_score', { few_days: 'fewer than 7 days' })).toBe('fewer than 7 days');
  expect(whyMissing(row, 'floor_price_usd', {})).toBe('brand new code');
  expect(whyMissing(row, 'daily_volume_usd', {})).toBe('not known');
});

test('the file has the day, full figures and the dates that changes are measured from', () => {
  const row = { symbol: 'BOX-A1', name: '=SUM(A1)', floor_price_usd: 123.456789, floor_price_7d_from: '2026-01-02', current_rank: 1 } as Box;
  const [head = '', line = ''] = boxesCsv([row], '2026-01-09').split('\r\n');
  const cell = (name: string): string | undefined => line.split(',')[head.split(',').indexOf(name)];
  expect([cell('date'), cell('floor_price_usd'), cell('floor_price_7d_from')]).toEqual(['2026-01-09', '123.456789', '2026-01-02']);
  expect(cell('name')).toBe("'=SUM(A1)");
});

test('counts, breadth and the index in words', () => {
  expect([inWords(1, 1), inWords(18, 18), inWords(3, 18)]).toEqual(['1 box', '18 boxes', '3 of 18 boxes']);
  expect(breadthInWords(8, 5, 0)).toBe('8 dearer, 5 cheaper, 0 unchanged');
  const days = [
    { date: '2026-01-01', index: 300, base_on: '2025-01-01' },
    { date: '2026-01-05', index: null, base_on: '2026-01-05' },
    { date: '2026-01-06', index: 98.04, base_on: '2026-01-05' },
    { date: '2026-01-07', index: 101, base_on: '2026-01-05' },
  ];
  expect(indexInWords(days)).toContain('101.0 on 7 Jan 2026, lowest 98.0, highest 101.0'); // another beginning is another scale
  expect(indexInWords([])).toBe('No index yet.');
});
