import { expect, test } from 'vitest';
import { boardFreshness, groupFindings } from './board-freshness';
import { asked, lasted } from './job-words';
import { readJobsSearch } from './search';

const known = new Map([
  ['A', { name: null, pricedUntil: '2025-07-24', active: true }],
  ['B', { name: null, pricedUntil: '2025-07-20', active: true }],
  ['C', { name: null, pricedUntil: null, active: true }],
]);

test('a board is as fresh as its newest member, and names the others', () => {
  expect(boardFreshness(['A', 'B', 'C', 'D'], known, '2025-07-24')).toEqual({
    until: '2025-07-24', older: [['B', '2025-07-20']], without: ['C', 'D'],
  });
  expect(boardFreshness([], known, '2025-07-24').until).toBeNull();
});

test('symbols unranked for one reason share a line, each once', () => {
  const finding = (what: string, level = 'warn') => ({ level, what, mend: 'x' });
  const found = groupFindings([
    finding('all well', 'ok'), finding('A is unranked: no_bars'), finding('B is unranked: no_bars'), finding('A is unranked: no_bars'), finding('C is unranked: stale'),
  ]);
  expect(found.map(({ what }) => what)).toEqual(['all well', 'unranked, because no bars: A, B', 'unranked, because stale: C']);
  expect(found[2]?.mend).toBe('pacesetter doctor C');
});

test('a job in words', () => {
  expect(asked({ parameters: { on: '2025-07-24', from: null, to: null, boards: null } })).toBe('of 24 Jul 2025');
  expect(asked({ parameters: { from: '2025-01-02', to: '2025-02-03', boards: ['ev'] } })).toBe('2 Jan 2025 to 3 Feb 2025, 1 board');
  expect(asked({ parameters: {} })).toBe('');
});

test.each([
  ['2025-01-01T00:00:00Z', '2025-01-01T00:00:03.44Z', '3.4 s'],
  ['2025-01-01T00:00:00Z', '2025-01-01T00:01:10Z', '70 s'],
  ['2025-01-01T00:00:00Z', '2025-01-01T00:03:05Z', '3 min 5 s'],
  ['2025-01-01T00:00:00Z', '2025-01-01T02:03:05Z', '2 h 3 min'],
  ['2025-01-01T00:00:00Z', null, ''],
])('from %s to %s lasted %j', (from, to, said) => {
  expect(lasted(from, to)).toBe(said);
});

test('an unknown view is dropped', () => {
  expect(readJobsSearch({ show: 'secrets', symbol: 'A' })).toEqual({ symbol: 'A' });
});
