import type { Model } from '@/api/agents';
import type { Tone } from './desk-words';

/** A mark, how it looks, and how the language model stands. */
export function standingOf({ configured, mode, model }: Pick<Model, 'configured' | 'mode' | 'model'>): readonly [string, Tone, string] {
  if (mode === 'off' && model) return ['–', 'calm', 'switched off'];
  if (!configured) return ['–', 'calm', 'none is set'];
  return mode === 'replay' ? ['↻', 'busy', 'reads kept answers, asks nothing'] : ['✓', 'good', 'asks, and keeps every answer'];
}

/** Tokens as a share of a night's budget, in percent. */
export const shareOfBudget = (tokens: number, budget: number): number => (budget > 0 ? (tokens / budget) * 100 : 0);

/** A session's day, or the trials of a person. */
export const nightName = (night: string, day: (on: string) => string): string => (/^\d{4}-\d{2}-\d{2}$/.test(night) ? day(night) : 'Trials, all together');
