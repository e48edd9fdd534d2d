import { expect, test } from 'vitest';
import { askedInWords, readWanted, soon, whoInWords } from './onboarding-words';
import { readOnboardingSearch } from './search';

const known = new Map([
  ['AAPL', { name: 'Apple', pricedUntil: '2025-07-24', active: true }],
  ['BARE', { name: null, pricedUntil: null, active: true }],
]);

test('a pasted table: what can be asked for, what cannot, and what is here', () => {
  expect(readWanted('Symbol;Weight\nnvda;1\n<bad>;2\naapl;3\nNVDA;4\nbare;5', known)).toEqual({
    good: ['NVDA', 'AAPL', 'BARE'], bad: ['<BAD>'], known: ['AAPL'],
  });
  expect(readWanted('', undefined)).toEqual({ good: [], bad: [], known: [] });
});

test.each([[null, ''], [2, 'a few seconds left'], [42, 'about 40 s left'], [150, 'about 3 min left'], [7200, 'about 2 h left']])(
  'in %s seconds: %j', (seconds, said) => expect(soon(seconds)).toBe(said),
);

test('what came of asking', () => {
  const job = (status: 'pending' | 'completed' | 'processing', joined = false) => ({ status, joined });
  expect(askedInWords([job('pending'), job('processing', true), job('completed')])).toBe(
    '3 symbols: 1 queued, 1 on the way already, 1 ready already, with nothing left to do.',
  );
  expect(askedInWords([job('pending')])).toBe('1 symbol: 1 queued.');
});

test('who asked', () => {
  expect([whoInWords([]), whoInWords(['a']), whoInWords(['a', 'b']), whoInWords(['a', 'b', 'c'])]).toEqual(['nobody known', 'a', 'a and b', 'a and 2 others']);
});

test('an unknown state is dropped from the address', () => {
  expect(readOnboardingSearch({ status: 'lost', symbols: 'A,B' })).toEqual({ symbols: 'A,B' });
  expect(readOnboardingSearch({ status: 'failed' })).toEqual({ status: 'failed' });
});
