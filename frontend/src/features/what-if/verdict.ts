/** What a difference between two sets of weights is worth saying. */

export type Verdict = 'better' | 'worse' | 'about the same' | 'unchanged';

/** Less is noise: of the mean IC, and of the turnover as a share. */
export const IC_MATTERS = 0.01;
export const TURNOVER_MATTERS = 0.01;

/** An order no better than chance is not called better, however much worse it was before. */
export function icVerdict(before: number, now: number): Verdict {
  const verdict = judge(now - before, IC_MATTERS);
  return verdict === 'better' && now <= 0 ? 'about the same' : verdict;
}

/** Less turnover is better. */
export function turnoverVerdict(before: number, now: number): Verdict {
  return judge(before - now, TURNOVER_MATTERS);
}

function judge(gain: number, matters: number): Verdict {
  if (gain === 0) return 'unchanged';
  if (Math.abs(gain) < matters - 1e-9) return 'about the same';
  return gain > 0 ? 'better' : 'worse';
}
