/** How far symbols are on their way in, and what follows when one arrives. */

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { isOpen, type Onboarding } from '@/api/onboarding';

const WORDS: Record<string, string> = {
  queued: 'waits for its turn',
  describe: 'finding out what it is',
  prices: 'fetching its prices',
  exposures: 'measuring its exposures',
  metrics: 'computing its figures',
  done: 'is here',
};

/** A share of 100, and the same in words. */
export function howFar(job: Pick<Onboarding, 'stage' | 'stages' | 'eta_s' | 'attempts' | 'error'>): { share: number; said: string } {
  const done = job.stages.filter((one) => one.done).length;
  const share = job.stages.length ? (done / job.stages.length) * 100 : 0;
  const parts = [WORDS[job.stage] ?? job.stage];
  if (job.eta_s != null) parts.push(`about ${inTime(job.eta_s)} more`);
  if (job.error && job.attempts > 0) parts.push(`attempt ${job.attempts + 1}, after: ${job.error}`);
  return { share, said: parts.join(' · ') };
}

function inTime(seconds: number): string {
  return seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;
}

/** When a symbol has arrived, or failed, the portfolio's figures are asked for again. */
export function useSettled(id: string, jobs: Onboarding[] | undefined): void {
  const client = useQueryClient();
  const open = useRef(new Set<string>());
  useEffect(() => {
    const now = new Set(jobs?.filter(isOpen).map((job) => job.symbol));
    const settled = [...open.current].some((symbol) => !now.has(symbol));
    open.current = now;
    if (!settled) return;
    void client.invalidateQueries({ queryKey: ['portfolio', id] });
    void client.invalidateQueries({ queryKey: ['portfolios'] });
  }, [client, id, jobs]);
}
