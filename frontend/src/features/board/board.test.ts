import { expect, test } from 'vitest';
import type { Board, Row } from '@/api/queries';
import { shownColumns } from '@/ui/table-columns';
import { boardCsv } from './board-file';
import { boardColumns } from './columns';
import { countFilters, filterRows } from './filters';
import { measureColumns, onlyMeasure } from './measure-columns';
import { readBoardSearch } from './search';

const factor = { raw: 0.25, normalized: -1, weight: 1, contribution: -1, missing_reason: null };
const row: Row = {
  symbol: 'AAA', name: '=Evil, Inc', rank: 1, score: 80, composite: 1, coverage: 1, previous_rank: 2, previous_on: '2026-06-29',
  rank_change: 1, unranked_reason: null, unranked_because: null, held_bars: 0, factors: { momentum: factor },
};
const board = { rows: [row], previous_on: '2026-06-29' } as unknown as Board;
const columns = boardColumns(board);

test('a phone shows less, an address decides, the symbol always stays', () => {
  expect(shownColumns(columns, undefined, true)).toEqual(['rank', 'change', 'symbol', 'score', 'why']);
  expect(shownColumns(columns, undefined, false)).toContain('price');
  expect(shownColumns(columns, undefined, false)).not.toContain('interval'); // measured for none of the rows
  expect(shownColumns(columns, 'momentum.z,nothing', true)).toEqual(['symbol', 'momentum.z']);
  expect(shownColumns(columns, 'nothing', true)).toContain('rank');
});

test('the file has every figure in full and no formula that runs', () => {
  const [head, first] = boardCsv([row], columns).split('\r\n');
  expect(head).toContain('momentum_raw,momentum_z');
  expect(first).toContain('"\'=Evil, Inc"');
  expect(first?.endsWith('0.25,-1')).toBe(true);
});

test('a mangled address still opens', () => {
  expect(readBoardSearch({ on: 'tomorrow', q: 7, sort: ['x'] })).toEqual({ q: '7' });
});

test('filters: all of them at once, and none for what has no value', () => {
  const down = { ...row, symbol: 'BBB', name: null, rank: 2, score: 20.5, rank_change: -1 };
  const newcomer = { ...row, symbol: 'CCC', rank: 3, score: 10, previous_rank: null, rank_change: null };
  const unranked = { ...row, symbol: 'DDD', rank: null, score: null, rank_change: null };
  const rows = [row, down, newcomer, unranked];
  const sectors = new Map([['BBB', 'Energy'], ['DDD', 'Energy']]);
  const left = (filters: Parameters<typeof filterRows>[1]): string[] => filterRows(rows, filters, sectors).map((one) => one.symbol);
  expect(filterRows(rows, {}, undefined)).toBe(rows);
  expect([left({ only: 'up' }), left({ only: 'down' }), left({ only: 'new' })]).toEqual([['AAA'], ['BBB'], ['CCC']]);
  expect([left({ only: 'ranked' }).length, left({ only: 'unranked' })]).toEqual([3, ['DDD']]);
  expect([left({ sector: 'Energy' }), left({ sector: 'Energy', only: 'ranked' })]).toEqual([['BBB', 'DDD'], ['BBB']]);
  expect([left({ min: '20.5' }), left({ max: '20.5' }), left({ min: '0', max: '100' }).length]).toEqual([['AAA', 'BBB'], ['BBB', 'CCC'], 3]);
  expect(left({ q: 'evil' })).toEqual(['AAA', 'CCC', 'DDD']);
  expect([countFilters({ q: 'x' }), countFilters({ min: '1', max: '2', only: 'up' })]).toEqual([0, 2]);
});

test('a filter that cannot be is dropped from the address', () => {
  expect(readBoardSearch({ only: 'sideways', min: '-1', max: 'many' })).toEqual({});
  expect(readBoardSearch({ only: 'up', min: 0, max: '99.5', sector: 'Energy' })).toEqual({ only: 'up', min: '0', max: '99.5', sector: 'Energy' });
});

test('a board of boxes by one measure shows its figure in its unit, and no composite', () => {
  const floor = { raw: 5773.67, normalized: 5773.67, weight: 1, contribution: 5773.67, missing_reason: null };
  const dearest: Board = { ...board, rows: [{ ...row, symbol: 'BOX-TD01', factors: {} }, { ...row, factors: { floor_price_usd: floor } }] };
  const measure = onlyMeasure(dearest);
  expect(measure?.label).toBe('Floor price');
  expect(onlyMeasure(board)).toBeUndefined();
  const own = measure ? measureColumns(boardColumns(dearest), measure) : [];
  expect(shownColumns(own, undefined, false)).toEqual(['rank', 'change', 'symbol', 'floor_price_usd']);
  expect(own.map(({ id }) => id).filter((id) => /why|composite|\.z|\.raw|pick|price$/.test(id))).toEqual([]);
  const cell = own.find(({ id }) => id === 'floor_price_usd');
  expect(dearest.rows[1] && cell?.cell(dearest.rows[1], { closes: undefined, picked: false, onPick: () => undefined })).toBe('$5,773.67');
});
