import { expect, test } from 'vitest';
import { stretches } from './band-chart';

test('a band ends at a gap, and begins again behind it', () => {
  const places = [0, 4, 8, 20, 24, 40].map((x) => ({ x }));
  expect(stretches(places, 6).map((one) => one.map(({ x }) => x))).toEqual([[0, 4, 8], [20, 24], [40]]);
  expect(stretches([], 6)).toEqual([]);
});
