import { expect, test } from 'vitest';
import { causeInWords, largestFirst, mainCause, readFraction } from './causes';

// A change of −79 places, as the API sent it.
const shares = { momentum: '-263/30', volume_change: '301/15', volatility: '-1177/20', relative_strength: '-883/30', peers: '-121/60' };

test('fractions are read, whole ones too', () => {
  expect([readFraction('-263/30'), readFraction('0'), readFraction('4')]).toEqual([-263 / 30, 0, 4]);
  expect(Object.values(shares).reduce((sum, share) => sum + readFraction(share), 0)).toBeCloseTo(-79, 9);
});

test('the main cause goes the way of the change, however large another is', () => {
  expect(mainCause(-79, shares)?.[0]).toBe('volatility');
  expect(mainCause(5, shares)?.[0]).toBe('volume_change');
  expect(mainCause(1, { momentum: '0' })).toBeUndefined();
});

test('the largest first, nothings left out, names in words', () => {
  expect(largestFirst({ b: 1, a: -1, c: 0, d: '3/2' }).map(([name]) => name)).toEqual(['d', 'a', 'b']);
  expect([causeInWords('peers'), causeInWords('relative_strength')]).toEqual(['other symbols', 'relative strength']);
});
