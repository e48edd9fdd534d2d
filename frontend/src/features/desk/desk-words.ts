/** What the desk's words mean, for people. */

import { instantInFull, withDays, words } from '@/lib/format';

export type Tone = 'good' | 'bad' | 'warn' | 'busy' | 'calm';

export const MODES: Record<string, { name: string; about: string }> = {
  manual: { name: 'Manual', about: 'You approve, trade with your broker, and log what you traded.' },
  paper: { name: 'On paper', about: 'What you approve is bought or sold at the next session’s opening price, without money.' },
  read_only: { name: 'Read-only', about: 'Decisions are shown. Nothing can be answered.' },
  dry_run: { name: 'Dry run', about: 'Each step shows what it would do. Nothing is kept.' },
};

export const modeName = (mode: string): string => MODES[mode]?.name ?? words(mode);

/** A mark, how it looks and the word, of each state of a decision. */
const DECISION_STATES: Record<string, readonly [string, Tone, string]> = {
  proposed: ['…', 'busy', 'waits for an answer'],
  modified: ['…', 'busy', 'changed, waits for an answer'],
  approved: ['✓', 'good', 'approved'],
  rejected: ['✕', 'bad', 'rejected'],
  traded: ['●', 'good', 'traded'],
  closed: ['■', 'calm', 'closed'],
  expired: ['–', 'calm', 'ran out'],
};

/** A mark, how it looks and the word, of where a decision stands; one that a newer one stands in for has not run out. */
export function stateOf({ status, answer }: { status: string; answer: string | null }): readonly [string, Tone, string] {
  if (status === 'expired' && answer?.startsWith('replaced by')) return ['↻', 'calm', 'replaced'];
  return DECISION_STATES[status] ?? ['?', 'calm', status];
}

export const ACTIONS: Record<string, readonly [string, Tone]> = {
  BUY: ['Buy', 'good'],
  SELL: ['Sell', 'bad'],
  HOLD: ['Hold', 'calm'],
  WATCHLIST: ['Watch', 'warn'],
};

export const WATCH_STATES: Record<string, readonly [string, Tone, string]> = {
  armed: ['○', 'busy', 'armed'],
  fired: ['●', 'good', 'fired'],
  expired: ['–', 'calm', 'ran out'],
  invalid: ['✕', 'bad', 'thesis does not hold'],
};

export const QUEUE_ENDS: Record<string, string> = {
  queued: 'waits',
  promoted: 'went on to the analysts',
  dropped: 'its score fell below the line',
  expired: 'waited too long',
  displaced: 'better ones took its place',
};

export const BANDS: Record<string, readonly [string, Tone]> = {
  monitor: ['Monitor', 'calm'],
  research: ['Research', 'busy'],
  deep_analysis: ['Deep analysis', 'warn'],
  priority: ['Priority', 'good'],
};

export const bandName = (band: string): string => BANDS[band]?.[0] ?? words(band);

/** `near_high` → `Near high`, `BUY` → `Buy`. */
export function title(name: string): string {
  const said = words(name === name.toUpperCase() ? name.toLowerCase() : name);
  return capital(said);
}

/** Whether it is of the kind that a person answers. */
export const isAnswerable = (one: { action: string }): boolean => one.action === 'BUY' || one.action === 'SELL';

/** Who answered a decision, and what; how it ended where nobody did. Only a person's own words stand in quotes. */
export function answerInWords({ status, answer, answered_at: at, answered_by: by }: { status: string; answer: string | null; answered_at: string | null; answered_by: string | null }): string {
  const who = at && `${by ?? 'Somebody at the command line'}, ${instantInFull(at)}`;
  const said = answer && (status === 'rejected' ? `“${answer}”` : who ? withDays(answer) : `${capital(answer)}.`);
  return [who, said].filter(Boolean).join(': ');
}

export const capital = (said: string): string => withDays(said.charAt(0).toUpperCase() + said.slice(1));
