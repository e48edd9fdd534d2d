import type { Change } from '@/api/changes';

/** Why there is no way from one rank to another. */
export function notMoved({ status, unranked_because: because }: Pick<Change, 'status' | 'unranked_because'>): string {
  if (status === 'entered') return `It has a rank again; before, it had none: ${because ?? 'no reason given'}.`;
  if (status === 'left') return `It has no rank any more: ${because ?? 'no reason given'}.`;
  return `It has no rank on either session${because ? `: ${because}` : ''}.`;
}
