import { expect, test } from 'vitest';
import { methodInWords, missingFunds, proxyInWords, rollingInWords, sessionsInWords, sinceFirst, vifInWords } from './exposure-words';
import { readSymbolSearch } from './search';

test.each([[null, '–'], [1.04, '1.0'], [5, '5.0 raised'], [9.94, '9.9 raised'], [9.99, '10.0 high'], [12.34, '12.3 high']])('a VIF of %s: %s', (vif, said) =>
  expect(vifInWords(vif)).toBe(said),
);

test('how many sessions counted', () => {
  expect(sessionsInWords({ n: 63, window: 63, quality: 'full' })).toBe('63 of 63');
  expect(sessionsInWords({ n: 40, window: 63, quality: 'limited' })).toBe('40 of 63, limited');
  expect(sessionsInWords({ n: null, window: 63, quality: null })).toBe('–');
});

test('funds whose prices are missing are named once', () => {
  const row = (reason: string | null, proxy: string, minus: string | null) => ({ reason, proxy, minus });
  expect(missingFunds([row('no_proxy', 'IWM', 'SPY'), row('no_proxy', 'SPY', null), row('no_bars', 'TLT', null), row(null, 'VTV', null)])).toEqual(['IWM', 'SPY']);
  expect([proxyInWords({ proxy: 'IWM', minus: 'SPY' }), proxyInWords({ proxy: 'TLT', minus: null })]).toEqual(['IWM − SPY', 'TLT']);
});

test('a rolling history in words, gaps left out', () => {
  const rows = [
    { on: '2025-07-21', beta: null, se: null },
    { on: '2025-07-22', beta: -0.1, se: 0.2 },
    { on: '2025-07-23', beta: 1.5, se: null },
    { on: '2025-07-24', beta: 1, se: 0.1 },
  ];
  expect(rollingInWords('Market', rows)).toBe(
    'Exposure to Market on 3 sessions: from −0.10 on 22 Jul 2025 to +1.00 on 24 Jul 2025, which lies between +0.80 and +1.20; lowest −0.10, highest +1.50; zero lies within the range on 1. The table below has every session.',
  );
  expect([sinceFirst(rows).length, sinceFirst(rows.slice(0, 1))]).toEqual([3, []]);
  expect(rollingInWords('Market', rows.slice(0, 1))).toContain('could be measured');
});

test('a method without words stays readable, the factor stays in the address', () => {
  expect([methodInWords('ols_regression'), methodInWords('lasso')]).toEqual(['least squares', 'lasso']);
  expect(readSymbolSearch({ factor: 'size', over: '3m', span: '2y' })).toEqual({ factor: 'size', over: '3m' });
});
