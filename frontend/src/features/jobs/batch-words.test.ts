import { expect, test } from 'vitest';
import type { BatchDay } from '@/api/batch';
import { dayInWords, leftOut, phaseInWords, stateInWords } from './batch-words';

const problem = (count: number) => ({ reason: 'no_bars', because: 'no prices', count, symbols: [] });
const phase = (name: string, state: string, counts: number[] = []): BatchDay['phases'][number] => ({
  phase: name, state, done: 1, total: 1500, problems: counts.map(problem), error: null, data_revision: 1, started_at: null, ended_at: null,
});

test('a session in a line', () => {
  const done = { on: '2025-07-24', state: 'done', phases: [phase('prices', 'done', [2, 1]), phase('spread', 'done', [1])] };
  expect(dayInWords(done)).toBe('1,500 symbols, at most 3 left out of a phase');
  expect(dayInWords({ ...done, phases: [phase('prices', 'done')] })).toBe('1,500 symbols, none left out');
  expect(dayInWords({ ...done, state: 'running', phases: [phase('prices', 'done'), phase('ridge', 'running'), phase('spread', 'waiting')] })).toBe(
    '1 of 3 phases done, at Styles',
  );
});

test('who was left out, over all reasons', () => expect(leftOut(phase('ridge', 'done', [4, 5]))).toBe(9));

test('what has no words stays readable', () => {
  expect([phaseInWords('daily_metrics'), phaseInWords('new_one')]).toEqual(['The day’s figures', 'new_one']);
  expect([stateInWords('interrupted')[2], stateInWords('odd')]).toEqual(['interrupted', ['?', 'calm', 'odd']]);
});
