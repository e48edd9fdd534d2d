import type { Job } from '@/api/jobs';
import { counted, shortDate } from '@/lib/format';

export const KINDS: Record<Job['kind'], string> = {
  cycle: 'Cycle',
  backfill: 'Backfill of past sessions',
  warm: 'Warming of answers',
  batch: 'Batch of symbols',
  portfolios: 'Portfolios',
  night: 'Night of the desk',
};

/** A mark, a tone and a word for each state. */
export const STATES: Record<Job['state'], [string, 'good' | 'bad' | 'busy' | 'calm', string]> = {
  queued: ['…', 'busy', 'queued'],
  running: ['…', 'busy', 'running'],
  done: ['✓', 'good', 'done'],
  failed: ['✕', 'bad', 'failed'],
  cancelled: ['–', 'calm', 'cancelled'],
  interrupted: ['!', 'bad', 'interrupted'],
};

/** What was asked for: `of 24 Jul 2025`, `2 Jan 2024 to 3 Jan 2024, 2 boards`. */
export function asked(job: Pick<Job, 'parameters'>): string {
  const { on, from, to, boards } = job.parameters as Record<string, unknown>;
  const day = (value: unknown): string => (typeof value === 'string' ? shortDate(value) : '');
  const span = day(on) ? `of ${day(on)}` : [day(from), day(to)].filter(Boolean).join(' to ');
  const which = Array.isArray(boards) && boards.length ? counted(boards.length, 'board') : '';
  return [span, which].filter(Boolean).join(', ');
}

/** `12 s`, `3 min 5 s`; nothing before there is an end. */
export function lasted(from: string | null, to: string | null): string {
  if (!from || !to) return '';
  const seconds = Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${Math.round(seconds % 60)} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
