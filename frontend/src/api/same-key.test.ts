import { expect, test } from 'vitest';
import { ApiError } from './client';
import { sameKey } from './same-key';

const refusal = (status: number): ApiError => new ApiError({ title: '', detail: '', status });

test('a change whose fate is open keeps its key; another one, or the same once more, gets a new one', () => {
  const keys = sameKey();
  const first = keys.of({ symbol: 'A' });
  keys.settle(refusal(0)); // cut: it may have been made
  expect(keys.of({ symbol: 'A' })).toBe(first);
  keys.settle(refusal(503));
  expect(keys.of({ symbol: 'A' })).toBe(first);
  const other = keys.of({ symbol: 'B' });
  expect(other).not.toBe(first);
  keys.settle(refusal(422)); // answered: what is kept under the key is this refusal
  const again = keys.of({ symbol: 'B' });
  expect(again).not.toBe(other);
  keys.settle();
  expect(keys.of({ symbol: 'B' })).not.toBe(again);
});
