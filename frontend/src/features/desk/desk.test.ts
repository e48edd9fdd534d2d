import type { ReportSection } from '@/api/desk';
import { expect, test } from 'vitest';
import type { Parameter } from '@/api/agents';
import { firstSentence } from '@/lib/sentences';
import { changedParameters, checkParameter, readNumber, recordInWords } from './agent-words';
import { checkWatch, matchFacts, putFact, wordBefore } from './condition-typing';
import { stepsOf } from './convergence-steps';
import { curvePath, dayBelow, daysUntilBelow, fadeInWords } from './decay';
import { answerInWords, stateOf, title } from './desk-words';
import { entryInWords } from './log-words';
import { outcomeInWords } from './outcome';
import { standingOf, nightName, shareOfBudget } from './model-words';
import { groupsOf, partsOf } from './report-parts';
import { symbolOf } from './report-symbol';
import { partsOf as partsOfText } from './told-words';
import { readDecisionsSearch, readSignalsSearch } from './search';
import { factInWords, factName, seenInWords } from './signal-words';
import { awayPct, changedTerms, checkTerms, checkTrade, readAmount } from './terms';
import { byWeight, contraryTo, votesOf } from './votes';

const TERMS = { quantity: '10', price: '100', stop: '91', target: '118' };

test('amounts stay as exact as they are typed', () => {
  expect(['1,234.50', ' 12 ', '0.00000001', '125.5'].map(readAmount)).toEqual(['1234.50', '12', '0.00000001', '125.5']);
  expect(['', '0', '-1', '1e3', '1,2', '12.345.6', '0.000000001', 'NaN'].map(readAmount)).toEqual(Array(8).fill(undefined));
});

test('changed terms: only what differs is sent, and stop < price < target for a purchase', () => {
  expect(changedTerms(TERMS, TERMS)).toBeUndefined();
  expect(changedTerms({ ...TERMS, quantity: '1,000', stop: '' }, TERMS)).toEqual({ quantity: '1000' });
  expect(checkTerms(TERMS, 'BUY')).toEqual({});
  expect(Object.keys(checkTerms({ ...TERMS, stop: '100' }, 'BUY'))).toEqual(['stop']);
  expect(Object.keys(checkTerms({ ...TERMS, target: '99.99' }, 'BUY'))).toEqual(['target']);
  expect(checkTerms({ ...TERMS, stop: '100' }, 'SELL')).toEqual({});
  expect(Object.keys(checkTerms({ ...TERMS, quantity: 'ten' }, 'SELL'))).toEqual(['quantity']);
});

test('a logged trade has a price, a quantity and a day that can be', () => {
  const trade = { price: '100', quantity: '5', traded_on: '2025-03-10', commission: '0' };
  expect(checkTrade(trade, '2025-03-07', '2025-03-12')).toEqual({});
  expect(checkTrade({ ...trade, commission: '' }, '2025-03-07', '2025-03-12')).toEqual({});
  const wrong = checkTrade({ price: '', quantity: '0', traded_on: '2025-03-13', commission: 'x' }, '2025-03-07', '2025-03-12');
  expect(Object.keys(wrong).sort()).toEqual(['commission', 'price', 'quantity', 'traded_on']);
  expect(checkTrade({ ...trade, traded_on: '2025-03-06' }, '2025-03-07', '2025-03-12')).toEqual({ traded_on: 'That is before it was decided' });
});

test('how far a price is from another', () => {
  expect(awayPct('91', '100')).toBeCloseTo(-9);
  expect([awayPct(null, '100'), awayPct('91', null), awayPct('91', '0')]).toEqual([null, null, null]);
});

test('a decision that a newer one stands in for has not run out', () => {
  expect(stateOf({ status: 'expired', answer: 'replaced by the decision of 2026-11-19' })[2]).toBe('replaced');
  expect(stateOf({ status: 'expired', answer: 'nobody acted in time' })[2]).toBe('ran out');
  expect(stateOf({ status: 'other', answer: null })[2]).toBe('other');
});

test('how a decision ended: only what a person wrote stands in quotes', () => {
  const row = { status: 'expired', answer: 'replaced by the decision of 2026-11-19', answered_at: null, answered_by: null };
  expect(answerInWords(row)).toBe('Replaced by the decision of 19 Nov 2026.');
  const at = '2026-11-18T09:00:00Z';
  expect(answerInWords({ ...row, status: 'rejected', answer: 'reports on 2026-12-01', answered_at: at, answered_by: 'ann' })).toMatch(/^ann, 18 Nov 2026, .*: “reports on 2026-12-01”$/);
  expect(answerInWords({ ...row, answer: 'no trade of its time was logged', answered_at: at })).toMatch(/^Somebody at the command line, 18 Nov.*: no trade of its time was logged$/);
  expect(answerInWords({ ...row, answer: null })).toBe('');
});

test('votes lie side by side, and who counted most speaks first', () => {
  const votes = { shares: { SELL: 0.25, BUY: 0.5, HOLD: 0.25, WATCHLIST: 0 }, counted: { risk: 0.2, momentum: 0.9 } };
  expect(votesOf(votes)).toEqual([
    { recommendation: 'BUY', share: 0.5, from: 0 },
    { recommendation: 'HOLD', share: 0.25, from: 0.5 },
    { recommendation: 'SELL', share: 0.25, from: 0.75 },
  ]);
  const voice = (analyst: string) => ({ analyst, recommendation: 'BUY' as const, score: 1, confidence: 1, reasoning: '', risks: [] });
  const facts = [{ source: 'momentum', strength: 0.13 }, { source: 'risk', strength: 0.05 }, { source: 'value', strength: 0.02 }, { source: 'signal.news', strength: 0.2 }];
  const opinions = [voice('momentum'), { ...voice('risk'), recommendation: 'HOLD' as const }];
  expect(contraryTo('BUY', opinions, facts).map((one) => one.source)).toEqual(['risk', 'signal.news']);
  expect(byWeight(['risk', 'value', 'momentum'].map(voice), votes).map((one) => one.analyst)).toEqual(['momentum', 'risk', 'value']);
});

test('the first sentence ends where the next begins, not at a decimal point', () => {
  expect(firstSentence('It is 1.7 % below its high. It rises.')).toBe('It is 1.7 % below its high.');
  expect(firstSentence('no end')).toBe('no end');
});

test('the steps of a score add up to it', () => {
  const part = (signal_type: string, decayed: number, age_days: number) => ({
    signal_type, source: signal_type, seen_on: '2025-03-03', score: 30, confidence: 1, base_score: 30, age_days, decay_factor: decayed / 30, decayed, counts_as_kind: true,
  });
  const steps = stepsOf({
    parts: [part('near_high', 20, 5), part('price_move', 15, 0), part('price_move', 15, 0)],
    decayed_sum: 50, regime: 'bull', regime_multiplier: 1.5, sector_favour: 'avoided', sector_multiplier: 0.7, kinds: ['near_high', 'price_move'], bonus: 1.1,
  });
  expect(steps.map((one) => one.label)).toEqual(['Near high, 5 days old', 'Price move', 'Price move (2)', 'Market bull × 1.50', 'Sector avoided × 0.70', '2 kinds × 1.10']);
  expect(steps.reduce((sum, one) => sum + one.share, 0)).toBeCloseTo(50 * 1.5 * 0.7 * 1.1);
  expect(steps[4]?.said).toBe('−22.5');
});

test('a fading score: the day on which it is below a line for good', () => {
  expect(daysUntilBelow([40, 35, 30, 20], 31)).toBe(2);
  expect(daysUntilBelow([31, 31], 31)).toBeNull();
  expect(daysUntilBelow([10], 31)).toBe(0);
  expect(fadeInWords([40, 30], 31)).toBe('It falls below 31, where it leaves the queue, in 1 day.');
  expect(fadeInWords([40, 40], 31)).toMatch(/stays at 31/);
});

test('a decay curve as a path: full at the top left, nothing at the bottom, kept within the box', () => {
  expect(curvePath([1, 0.5, 0], 100, 40)).toBe('M0.0 0.0L50.0 20.0L100.0 40.0');
  expect(curvePath([2], 100, 40)).toBe('M0.0 0.0');
  expect([dayBelow([1, 0.6, 0.4], 0.5), dayBelow([1, 1], 0.5)]).toEqual([2, null]);
});

const FACTS = [
  { fact: 'price.close', words: 'the close' },
  { fact: 'price.change_5d_pct', words: 'the change over 5 sessions' },
  { fact: 'rank.change', words: 'places it rose' },
  { fact: 'factor.eps', words: 'the earnings per share' },
];

test('facts are offered by what is typed, names that begin so first', () => {
  expect(wordBefore('price.close < 180 and ra', 24)).toBe('ra');
  expect(wordBefore('price.close < 180 and', 21)).toBe('');
  expect(wordBefore('price.close < 18', 16)).toBe('');
  expect(matchFacts(FACTS, 'ch', 9).map((one) => one.fact)).toEqual(['price.change_5d_pct', 'rank.change']);
  expect(matchFacts(FACTS, 'earn', 9).map((one) => one.fact)).toEqual(['factor.eps']);
  expect(matchFacts(FACTS, 'price.close', 9)).toEqual([]);
  expect(matchFacts(FACTS, '', 2)).toHaveLength(2);
});

test('a fact takes the place of the word before the cursor', () => {
  expect(putFact('pri', 3, 'price.close')).toEqual({ text: 'price.close ', at: 12 });
  expect(putFact('price.close < 180 and', 21, 'rank.rank').text).toBe('price.close < 180 and rank.rank ');
  expect(putFact('(ra) or event.news', 3, 'rank.rank').text).toBe('(rank.rank ) or event.news');
});

test('a watch: what can be told to be wrong without the server', () => {
  const fields = { symbol: 'NVDA', condition: 'price.close < 1', thesis: '', expires_on: '', hysteresis: '2', rest: '5' };
  expect(checkWatch(fields, '2025-03-12')).toEqual({});
  const wrong = checkWatch({ symbol: ' ', condition: '(a < 1', thesis: '', expires_on: '2025-03-11', hysteresis: '101', rest: '1.5' }, '2025-03-12');
  expect(Object.keys(wrong).sort()).toEqual(['condition', 'expires_on', 'hysteresis', 'rest', 'symbol']);
});

const PARAMETER: Parameter = { name: 'buy_from', words: 'buys from', kind: 'number', value: 65, default: 65, least: 0, most: 100, among: null };

test('parameters: within their bounds, and only what differs is sent', () => {
  expect([readNumber('1,000.5'), readNumber('1e6'), readNumber('−2'), readNumber('x')]).toEqual([1000.5, 1e6, -2, undefined]);
  expect([checkParameter(PARAMETER, '65'), checkParameter(PARAMETER, '100.1'), checkParameter(PARAMETER, '')]).toEqual([undefined, 'From 0 to 100', 'A number with a decimal point']);
  const name: Parameter = { ...PARAMETER, name: 'portfolio', kind: 'name', value: 'Mine', default: null, least: null, most: null };
  const agent = { parameters: [PARAMETER, name] };
  expect(changedParameters(agent, { buy_from: '65.0', portfolio: 'Mine' })).toBeUndefined();
  expect(changedParameters(agent, { buy_from: '70', portfolio: ' ' })).toEqual({ buy_from: 70, portfolio: null });
});

test('a track record says of how many', () => {
  const call = (recommendation: 'BUY' | 'SELL', n: number, hits: number, waiting = 0, horizon = 21) => ({
    recommendation, horizon, n, symbols: n, hits, hit_rate: n ? hits / n : null, mean_return: null, benchmark_return: null, waiting,
  });
  expect(recordInWords([])).toBe('no buy and no sell yet');
  expect(recordInWords([call('BUY', 40, 26), call('SELL', 1, 0), call('BUY', 9, 9, 0, 5)])).toBe('65 % of 40 buys hit, 0 % of 1 sell hit (few)');
  expect(recordInWords([call('BUY', 0, 0, 3)])).toBe('3 buys not old enough');
});

test('an outcome in words', () => {
  const outcome = { closed_on: '2025-04-10', price: '151.2', gain: '-212.5', gain_pct: -4.1, days: 1 };
  expect(outcomeInWords(outcome, 'USD')).toEqual({ gain: '−4.1 %', note: '212.50 USD lost in 1 day, closed 10 Apr 2025 at 151.20' });
});

test('items of a report are links where they are about a symbol', () => {
  expect(symbolOf({ name: 'new_buys' }, { key: 'VOD.L', title: 'VOD.L Vodafone: buy' })).toBe('VOD.L');
  expect(symbolOf({ name: 'queue' }, { key: 'q:HPE', title: 'HPE' })).toBe('HPE');
  expect(symbolOf({ name: 'market_context' }, { key: 'SPY', title: 'SPY' })).toBeUndefined();
  expect(symbolOf({ name: 'rank_movers' }, { key: 'rest', title: 'and 12 more' })).toBeUndefined();
  expect(symbolOf({ name: 'discovery_summary' }, { key: 'signals', title: '28 new signals' })).toBeUndefined();
  expect(symbolOf({ name: 'new_buys' }, { key: 'buy NVDA', title: 'NVDA · NVIDIA' })).toBe('NVDA');
});

test('what an agent saw, and what was changed, in short', () => {
  expect(seenInWords({ words: 'a pick of Anna' })).toBe('a pick of Anna');
  expect(seenInWords({ facts: { 'price.close': 70.4, 'price.volume': 41_161_500, note: 'x' } })).toMatch(/^close 70\.40, volume 41\.2m$/i);
  expect(seenInWords({ facts: {}, texts: [{ title: 'A plant closes' }, { title: 'A plant opens' }] })).toBe('A plant closes; A plant opens');
  expect(seenInWords({ facts: { 'factor.trailing_pe': 14.374, 'factor.gross_margin': 0.7166, 'price.below_high_pct': 0.6613 } })).toBe('P/E 14.37, gross margin 71.7 %, below the 52-week high 0.7 %');
  expect(factInWords('price.change_1d_pct', -4.8034)).toBe('change in a day −4.8 %');
  expect(['price.change_21d_pct', 'factor.of_a_plug_in', 'technical.sma_50'].map(factName)).toEqual(['change over 21 sessions', 'of a plug in', '50-session mean']);
  expect(entryInWords({ action: 'decision.approved', data: { symbol: 'NVDA', event: 'approved by anna' } })).toBe('Decision approved: NVDA, approved by anna');
  expect(entryInWords({ action: 'watch.edited', data: { after: { symbol: 'AAPL' } } })).toBe('Watch edited: AAPL');
  expect([title('BUY'), title('near_high')]).toEqual(['Buy', 'Near high']);
});

test('addresses: symbols are written large, and what cannot be read is dropped', () => {
  expect(readDecisionsSearch({ symbol: ' nvda ', show: 'some' })).toEqual({ symbol: 'NVDA' });
  expect(readSignalsSearch({ days: '90', on: 'yesterday', type: 'news' })).toEqual({ days: '90', type: 'news' });
});

test('a report: what is to be done first, the market beside it; a reason of many rows is said once', () => {
  const section = (name: string) => ({ name }) as ReportSection;
  const { headline, first, second } = partsOf(['headline', 'new_buys', 'market_context', 'of_a_plug_in', 'data_health'].map(section));
  expect([headline?.name, first.map((one) => one.name), second.map((one) => one.name)]).toEqual(['headline', ['new_buys', 'of_a_plug_in'], ['market_context', 'data_health']]);
  const rows = (...said: string[]) => said.map((words) => ({ words }));
  expect(groupsOf(rows('in', 'in', 'in', 'out', 'out')).map((one) => [one.words, one.rows.length])).toEqual([['in', 3], ['out', 2]]);
  expect(groupsOf(rows('in', 'in', 'out')).map((one) => one.words)).toEqual(['']);
  expect(groupsOf(rows('a', 'b', 'c', 'c')).map((one) => one.rows.length)).toEqual([4]);
  expect(groupsOf(rows('in', 'in', '', '')).map((one) => one.words)).toEqual(['']);
});

test('a language model: how it stands, and what of its budget is used', () => {
  expect(standingOf({ configured: false, mode: 'record', model: null })[2]).toBe('none is set');
  expect(standingOf({ configured: false, mode: 'off', model: 'llama' })[2]).toBe('switched off');
  expect(standingOf({ configured: true, mode: 'replay', model: 'llama' })[2]).toContain('asks nothing');
  expect([shareOfBudget(50, 200), shareOfBudget(50, 0)]).toEqual([25, 0]);
  expect([nightName('2025-07-24', (on) => `the ${on}`), nightName('try', String)]).toEqual(['the 2025-07-24', 'Trials, all together']);
});

test('what a model said and what does not recompute stands apart', () => {
  expect(partsOfText('The RSI is 64, ~~the P/E is 7~~ and so on')).toEqual([
    { text: 'The RSI is 64, ', struck: false },
    { text: 'the P/E is 7', struck: true },
    { text: ' and so on', struck: false },
  ]);
  expect(partsOfText('~~all~~')).toEqual([{ text: 'all', struck: true }]);
  expect(partsOfText('an odd ~~ one')).toEqual([{ text: 'an odd ', struck: false }, { text: '~~ one', struck: false }]);
});
