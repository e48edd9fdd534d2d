import { expect, test } from 'vitest';
import { notMoved } from './change-words';

test.each([
  ['entered', 'It has a rank again; before, it had none: no price of that day.'],
  ['left', 'It has no rank any more: no price of that day.'],
  ['absent', 'It has no rank on either session: no price of that day.'],
])('%s says why in words', (status, said) => {
  expect(notMoved({ status, unranked_because: 'no price of that day' })).toBe(said);
});
