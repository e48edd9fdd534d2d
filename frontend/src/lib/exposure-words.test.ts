import { expect, test } from 'vitest';
import { betaAndError, byKind, mayBeZero, rangeOf } from './exposure-words';

test('a beta is certain where its 95 % range leaves zero out', () => {
  expect(rangeOf(1, 0.5)).toEqual([1 - 0.98, 1 + 0.98]);
  expect(mayBeZero(1, 0.5)).toBe(false);
  expect(mayBeZero(-0.9, 0.5)).toBe(true);
  expect(mayBeZero(1, null)).toBe(false); // nothing is known of it: nothing is said
  expect(rangeOf(null, 0.5)).toBeUndefined();
});

test('a beta with its error, as text', () => {
  expect(betaAndError(-0.358, 0.221)).toBe('−0.36 ± 0.22');
  expect(betaAndError(1.2, null)).toBe('+1.20');
  expect(betaAndError(null, null)).toBe('–');
});

test('kinds come in their order, unknown ones last', () => {
  const rows = ['spread', 'new', 'market', 'spread'].map((kind, i) => ({ kind, i }));
  expect(byKind(rows).map(([kind, own]) => [kind, own.map(({ i }) => i)])).toEqual([['market', [2]], ['spread', [0, 3]], ['new', [1]]]);
});
