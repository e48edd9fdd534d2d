import type { Voice, WholeDecision } from '@/api/decisions';

export interface Vote {
  recommendation: string;
  /** Of the weight that was counted, 0 to 1. */
  share: number;
  /** Where its part of the bar begins. */
  from: number;
}

const ORDER = ['BUY', 'WATCHLIST', 'HOLD', 'SELL'];

/** What the analysts' weight says, the best for the price first, side by side. */
export function votesOf({ shares }: WholeDecision['votes']): Vote[] {
  const known = ORDER.flatMap((recommendation) => {
    const share = shares[recommendation];
    return share ? [{ recommendation, share }] : [];
  });
  return known.map((vote, i) => ({ ...vote, from: known.slice(0, i).reduce((sum, one) => sum + one.share, 0) }));
}

const LEAST_STRENGTH = 0.03; // of what is told

/** What speaks against a decision: not that an analyst of the same opinion is not wholly sure, nor what has next to no weight. */
export function contraryTo<Fact extends { source: string; strength: number }>(action: string, voices: readonly Voice[], facts: readonly Fact[]): Fact[] {
  const same = new Set(voices.filter((one) => one.recommendation === action).map((one) => one.analyst));
  return facts.filter((one) => !same.has(one.source) && one.strength >= LEAST_STRENGTH);
}

/** Whose word counted most comes first. */
export function byWeight(voices: readonly Voice[], { counted }: WholeDecision['votes']): Voice[] {
  return [...voices].sort((a, b) => (counted[b.analyst] ?? 0) - (counted[a.analyst] ?? 0) || (a.analyst < b.analyst ? -1 : 1));
}
