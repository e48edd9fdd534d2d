import type { Onboarding } from '@/api/onboarding';
import type { Known } from '@/api/known-symbols';
import { counted } from '@/lib/format';
import { canBeSymbol, readTickers } from '@/lib/tickers';

export const MOST = 1000; // at once

/** A mark, a tone and a word for each state. */
export const STATES: Record<Onboarding['status'], [string, 'good' | 'bad' | 'busy' | 'calm', string]> = {
  pending: ['○', 'calm', 'waits'],
  processing: ['…', 'busy', 'under way'],
  completed: ['✓', 'good', 'ready'],
  failed: ['✕', 'bad', 'failed'],
};

export const STAGES: Record<string, string> = {
  describe: 'description',
  prices: 'prices',
  exposures: 'exposures',
  metrics: 'figures',
};

export interface Wanted {
  /** What can be asked for. */
  good: string[];
  /** What cannot be a symbol. */
  bad: string[];
  /** Of the good ones, those that are here already. */
  known: string[];
}

/** What a pasted text asks for. */
export function readWanted(text: string, known: ReadonlyMap<string, Known> | undefined): Wanted {
  const all = readTickers(text);
  const good = all.filter(canBeSymbol);
  return { good, bad: all.filter((one) => !canBeSymbol(one)), known: good.filter((one) => known?.get(one)?.pricedUntil != null) };
}

/** `about 40 s`, `about 3 min`; nothing where nobody can tell. */
export function soon(seconds: number | null): string {
  if (seconds === null) return '';
  if (seconds < 5) return 'a few seconds left';
  if (seconds < 90) return `about ${Math.round(seconds / 5) * 5} s left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `about ${minutes} min left` : `about ${Math.round(minutes / 60)} h left`;
}

/** What came of asking: `3 symbols: 2 queued, 1 was on its way already`. */
export function askedInWords(jobs: Pick<Onboarding, 'status' | 'joined'>[]): string {
  const ready = jobs.filter((job) => job.status === 'completed').length;
  const joined = jobs.filter((job) => job.status !== 'completed' && job.joined).length;
  const parts = [
    [jobs.length - ready - joined, 'queued'],
    [joined, 'on the way already'],
    [ready, 'ready already, with nothing left to do'],
  ] as const;
  return `${counted(jobs.length, 'symbol')}: ${parts.filter(([count]) => count > 0).map(([count, said]) => `${count} ${said}`).join(', ')}.`;
}

/** `anna`, `anna and bert`, `anna and 3 others`. */
export function whoInWords(names: string[]): string {
  const [first = 'nobody known', second] = names;
  if (names.length < 2) return first;
  return names.length === 2 ? `${first} and ${second ?? ''}` : `${first} and ${names.length - 1} others`;
}
