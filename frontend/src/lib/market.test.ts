import { expect, test } from 'vitest';
import { isClosed } from './market';

const monday = '2026-11-23T21:20:00Z'; // twenty minutes after the close in New York

test.each([
  ['2026-11-21T12:00:00Z', true], // a Saturday
  ['2026-11-23T14:00:00Z', true], // half an hour before the opening
  ['2026-11-23T14:40:00Z', false],
  ['2026-11-23T21:10:00Z', false], // closed, and its final prices are on their way
])('at %s closed: %s', (now, closed) => {
  expect(isClosed(monday, Date.parse(now))).toBe(closed);
});
