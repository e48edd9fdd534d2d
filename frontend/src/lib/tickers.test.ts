import { expect, test } from 'vitest';
import { readTickers } from './tickers';

test.each([
  ['nvda, AMD;msft\n  brk.b\t$tsla nvda', ['NVDA', 'AMD', 'MSFT', 'BRK.B', 'TSLA']],
  ['# my list\nAAPL\n\nMSFT', ['AAPL', 'MSFT']],
  ['Name,Symbol,Weight\nApple,AAPL,0.5\n"Berkshire","BRK-B",0.5', ['AAPL', 'BRK-B']],
  ['ticker\nAAPL\nMSFT', ['AAPL', 'MSFT']],
  ['', []],
])('%j holds %j', (text, found) => {
  expect(readTickers(text)).toEqual(found);
});
