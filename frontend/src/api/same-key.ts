/** One key for one change, also when it is sent again because nobody knows what became of it. */

import { ApiError, newKey } from './client';

export interface SameKey {
  /** The key of a change: that of the last one where it is the same, and its fate is open. */
  of: (change: object) => string;
  /** It was answered: the next one is another change, even if it looks the same. */
  settle: (error?: Error) => void;
}

export function sameKey(): SameKey {
  let last: { text: string; key: string } | undefined;
  return {
    of: (change) => {
      const text = JSON.stringify(change);
      if (last?.text !== text) last = { text, key: newKey() };
      return last.key;
    },
    settle: (error) => {
      if (!(error instanceof ApiError && error.passing)) last = undefined;
    },
  };
}
