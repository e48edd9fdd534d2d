import { expect, test } from 'vitest';
import { named } from './evidence-factor';
import { drawnBars } from './price-bars';
import { readSymbolSearch } from './search';

const bars = Array.from({ length: 260 }, (_, i) => ({
  date: `day ${i}`, open: 1, high: 1, low: 1, close: i, adj_close: null, volume: 1, final: true, source: 'files', fetched_at: '',
}));

test('a formula names its inputs', () => {
  expect(named('P_21 / P_252 - 1, on adjusted prices', bars).map(({ name, bar }) => [name, bar.close])).toEqual([['P_21', 21], ['P_252', 252]]);
  expect(named('P_0 / max(P_0..P_251) - 1', bars).map(({ name }) => name)).toEqual(['P_0', 'P_251']);
  expect(named('P_300 / P_0', bars).map(({ name }) => name)).toEqual(['P_0']);
});

test('an adjusted bar keeps its shape', () => {
  const bar = { date: 'd', open: 100, high: 120, low: 90, close: 110, adj_close: 55, volume: 3 };
  expect(drawnBars([bar], 'adjusted')[0]).toMatchObject({ open: 50, high: 60, low: 45, close: 55, volume: 3 });
  expect(drawnBars([bar], 'unadjusted')[0]).toBe(bar);
  expect(drawnBars([{ ...bar, adj_close: null }], 'adjusted')[0]).toMatchObject({ close: 110 });
});

test('the address of a symbol', () => {
  expect(readSymbolSearch({ span: '5y', prices: 'raw', from: '2025-07-01', to: 'later', board: 'ev' })).toEqual({ span: '5y', from: '2025-07-01', board: 'ev' });
});
