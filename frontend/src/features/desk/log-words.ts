import type { Entry } from '@/api/audit';
import { withDays, words } from '@/lib/format';

/** Nouns of actions that are asked for by themselves. */
export const NOUNS: readonly (readonly [string, string])[] = [
  ['decision', 'Decisions'],
  ['watch', 'Watchlist'],
  ['agent', 'Agents'],
  ['inbox', 'Inbox'],
  ['report', 'Reports'],
];

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

/** `decision.approved` of NVDA → `Decision approved: NVDA`. */
export function entryInWords({ action, data }: Pick<Entry, 'action' | 'data'>): string {
  const said = words(action.replace('.', ' '));
  const about = [data.symbol, data.agent, data.name, data.on].map(text).find(Boolean) ?? within(data.after) ?? '';
  const more = [data.event, data.reason].map(text).find(Boolean);
  const head = `${said.charAt(0).toUpperCase()}${said.slice(1)}${about && `: ${words(about)}`}`;
  return withDays(more ? `${head}, ${more}` : head);
}

function within(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && 'symbol' in value ? text(value.symbol) : undefined;
}
