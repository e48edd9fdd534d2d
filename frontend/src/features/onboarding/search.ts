import { readOneOf, readText } from '@/lib/search';

const STATUSES = ['pending', 'processing', 'failed', 'completed'] as const;

export interface OnboardingSearch {
  /** Only symbols in this state; all when absent. */
  status?: (typeof STATUSES)[number];
  /** What the form begins with, with commas between. */
  symbols?: string;
}

export function readOnboardingSearch(given: Record<string, unknown>): OnboardingSearch {
  const [status, symbols] = [readOneOf(given.status, STATUSES), readText(given.symbols)];
  return { ...(status && { status }), ...(symbols && { symbols }) };
}
