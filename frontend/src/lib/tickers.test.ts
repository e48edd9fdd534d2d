import { expect, test } from 'vitest';
import { canBeSymbol, readTickers } from './tickers';

test.each([
  ['nvda, AMD;msft\n  brk.b\t$tsla nvda', ['NVDA', 'AMD', 'MSFT', 'BRK.B', 'TSLA']],
  ['# my list\nAAPL\n\nMSFT', ['AAPL', 'MSFT']],
  ['Name,Symbol,Weight\nApple,AAPL,0.5\n"Berkshire","BRK-B",0.5', ['AAPL', 'BRK-B']],
  ['ticker\nAAPL\nMSFT', ['AAPL', 'MSFT']],
  ['', []],
])('%j holds %j', (text, found) => {
  expect(readTickers(text)).toEqual(found);
});

test.each([['AAPL', true], ['BRK-B', true], ['VOD.L', true], ['^GSPC', true], ['EURUSD=X', true], ['', false], ['A B', false], ['.L', false], ['ÄÖ', false], ['A'.repeat(32), false]])(
  '%s can be a symbol: %s', (text, can) => expect(canBeSymbol(text)).toBe(can),
);
