import { expect, test } from 'vitest';
import type { Board, Row } from '@/api/queries';
import { boardCsv } from './board-file';
import { boardColumns, shownColumns } from './columns';
import { readBoardSearch, readSort, writeSort } from './search';

const factor = { raw: 0.25, normalized: -1, weight: 1, contribution: -1, missing_reason: null };
const row: Row = {
  symbol: 'AAA', name: '=Evil, Inc', rank: 1, score: 80, composite: 1, coverage: 1, previous_rank: 2, previous_on: '2026-06-29',
  rank_change: 1, unranked_reason: null, unranked_because: null, held_bars: 0, factors: { momentum: factor },
};
const board = { rows: [row], previous_on: '2026-06-29' } as unknown as Board;
const columns = boardColumns(board);

test('a phone shows less, an address decides, the symbol always stays', () => {
  expect(shownColumns(columns, undefined, true)).toEqual(['rank', 'change', 'symbol', 'score', 'why']);
  expect(shownColumns(columns, undefined, false)).toContain('interval');
  expect(shownColumns(columns, 'momentum.z,nothing', true)).toEqual(['symbol', 'momentum.z']);
  expect(shownColumns(columns, 'nothing', true)).toContain('rank');
});

test('the file has every figure in full and no formula that runs', () => {
  const [head, first] = boardCsv([row], columns).split('\r\n');
  expect(head).toContain('momentum_raw,momentum_z');
  expect(first).toContain('"\'=Evil, Inc"');
  expect(first?.endsWith('0.25,-1')).toBe(true);
});

test('sorting round-trips through the address', () => {
  expect(readSort('-score', ['rank', 'score'])).toEqual({ id: 'score', desc: true });
  expect(readSort('nonsense', ['rank'])).toEqual({ id: 'rank', desc: false });
  expect(writeSort({ id: 'score', desc: true })).toBe('-score');
  expect(writeSort({ id: 'rank', desc: false })).toBeUndefined();
});

test('a mangled address still opens', () => {
  expect(readBoardSearch({ on: 'tomorrow', q: 7, sort: ['x'] })).toEqual({ q: '7' });
});
