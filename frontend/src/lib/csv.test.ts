import { expect, test } from 'vitest';
import { csvCell, toCsv } from './csv';

test.each([
  ['=1+1', "'=1+1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['a "b", c', '"a ""b"", c"'],
  ['=a,b', '"\'=a,b"'],
  [-1.5, '-1.5'],
  [null, ''],
  [false, 'false'],
])('%s becomes %s', (value, cell) => {
  expect(csvCell(value)).toBe(cell);
});

test('rows end as RFC 4180 says', () => {
  expect(toCsv(['a', 'b'], [[1, 'x']])).toBe('a,b\r\n1,x\r\n');
});
