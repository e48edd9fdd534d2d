import { expect, test } from 'vitest';
import { rebased, spanned } from './lines';
import { readCompareSearch, readSymbols } from './search';

const a = { name: 'A', points: [['2025-01-02', 50], ['2025-01-03', 100], ['2025-06-02', 110]].map(([date, value]) => ({ date: String(date), value: Number(value) })) };
const b = { name: 'B', points: [{ date: '2025-01-03', value: 10 }, { date: '2025-06-02', value: 9 }] };

test('prices start together, on the first day that all have', () => {
  const [one, other] = rebased([a, b]);
  expect(one?.points).toEqual([{ date: '2025-01-03', value: 0 }, { date: '2025-06-02', value: 10.000000000000009 }]);
  expect(other?.points[1]?.value).toBeCloseTo(-10, 9);
});

test('a span ends with the newest day of any line', () => {
  expect(spanned([a, b], '1m').map(({ points }) => points.length)).toEqual([1, 1]);
  expect(spanned([a, b], 'all')[0]?.points).toHaveLength(3);
  expect(spanned([], '1m')).toEqual([]);
});

test('symbols of an address: once each, in capitals, six at most', () => {
  expect(readSymbols('aapl, MSFT,aapl,,x')).toEqual(['AAPL', 'MSFT', 'X']);
  expect(readSymbols('a,b,c,d,e,f,g')).toHaveLength(6);
  expect(readCompareSearch({ symbols: ',', board: '', show: 'price', span: 'week' })).toEqual({ show: 'price' });
});
