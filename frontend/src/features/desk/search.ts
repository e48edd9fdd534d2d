import { readDay, readOneOf, readText } from '@/lib/search';

const known = <T extends object>(search: T): T => Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as T;

/** Which report is read; the newest when absent. */
export interface TodaySearch {
  on?: string;
}
export const readTodaySearch = (given: Record<string, unknown>): TodaySearch => known({ on: readDay(given.on) });

export interface DecisionsSearch {
  /** Of one symbol alone. */
  symbol?: string;
  /** Also those that ask nothing of anybody. */
  show?: 'all';
}
export const readDecisionsSearch = (given: Record<string, unknown>): DecisionsSearch =>
  known({ symbol: readSymbol(given.symbol), show: readOneOf(given.show, ['all'] as const) });

export interface QueueSearch {
  /** Every symbol with a signal, or who left the queue; who waits when absent. */
  show?: 'all' | 'left';
}
export const readQueueSearch = (given: Record<string, unknown>): QueueSearch => known({ show: readOneOf(given.show, ['all', 'left'] as const) });

export interface SignalsSearch {
  symbol?: string;
  type?: string;
  /** Signals up to this day. */
  on?: string;
  /** Of so many days; 30 when absent. */
  days?: string;
  show?: 'rules';
}
export const SPANS = ['7', '90', '400'] as const;
export const readSignalsSearch = (given: Record<string, unknown>): SignalsSearch =>
  known({
    symbol: readSymbol(given.symbol),
    type: readText(given.type),
    on: readDay(given.on),
    days: readOneOf(given.days, SPANS),
    show: readOneOf(given.show, ['rules'] as const),
  });

export interface WatchlistSearch {
  /** The entry that is open, or `new`. */
  open?: string;
  /** What is in the form of a new one. */
  symbol?: string;
}
export const readWatchlistSearch = (given: Record<string, unknown>): WatchlistSearch => known({ open: readText(given.open), symbol: readSymbol(given.symbol) });

export interface LogSearch {
  show?: 'inbox' | 'texts';
  /** A noun of actions. */
  action?: string;
  /** A kind of texts. */
  kind?: string;
}
export const readLogSearch = (given: Record<string, unknown>): LogSearch => known({ show: readOneOf(given.show, ['inbox', 'texts'] as const), action: readText(given.action), kind: readText(given.kind) });

function readSymbol(value: unknown): string | undefined {
  return readText(value)?.trim().toUpperCase() || undefined;
}
