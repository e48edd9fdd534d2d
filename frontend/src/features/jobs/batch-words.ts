import type { BatchDay, Phase } from '@/api/batch';
import { counted } from '@/lib/format';

const PHASES: Record<string, string> = {
  prices: 'Prices',
  market_beta: 'Market beta',
  rate_beta: 'Rate beta',
  ridge: 'Styles',
  spread: 'Spreads',
  daily_metrics: 'The day’s figures',
};

export const phaseInWords = (phase: string): string => PHASES[phase] ?? phase;

/** A mark, a tone and a word for each state of a phase or a session. */
const STATES: Record<string, [string, string, string]> = {
  waiting: ['○', 'calm', 'waits'],
  running: ['…', 'busy', 'running'],
  done: ['✓', 'good', 'done'],
  failed: ['✕', 'bad', 'failed'],
  interrupted: ['!', 'bad', 'interrupted'],
};

export const stateInWords = (state: string): [string, string, string] => STATES[state] ?? ['?', 'calm', state];

/** How many symbols a phase has no value for. */
export const leftOut = ({ problems }: Pick<Phase, 'problems'>): number => problems.reduce((sum, one) => sum + one.count, 0);

/** A session in a line: `5 of 6 phases done, at Spreads`; `503 symbols, at most 4 left out`. */
export function dayInWords({ phases, state }: BatchDay): string {
  if (state === 'done') {
    const most = Math.max(0, ...phases.map(leftOut));
    const total = counted(Math.max(0, ...phases.map((phase) => phase.total)), 'symbol');
    return most ? `${total}, at most ${most.toLocaleString('en-GB')} left out of a phase` : `${total}, none left out`;
  }
  const at = phases.find((phase) => phase.state !== 'done');
  const done = phases.filter((phase) => phase.state === 'done').length;
  return `${done} of ${counted(phases.length, 'phase')} done${at ? `, at ${phaseInWords(at.phase)}` : ''}`;
}
