import { Progress } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useChange } from '@/api/change';
import { newKey } from '@/api/client';
import { askSymbols, isOpen, type Onboarding } from '@/api/onboarding';
import { onTheirWayQuery } from '@/api/portfolio-onboarding';
import type { LeftOut } from '@/api/portfolios';
import { counted } from '@/lib/format';
import { inFull } from '@/ui/confirm';
import { RightButton } from '@/ui/rights';
import { Said } from '@/ui/states';
import { howFar, useSettled } from './on-their-way';

const FIRST = 8;

/** Holdings that count for nothing yet, each with why; those on their way in, live. */
export function LeftOutSection({ id, leftOut, brief }: { id: string; leftOut: LeftOut[]; brief: boolean }) {
  const [all, setAll] = useState(false);
  const fetched = leftOut.filter((one) => one.reason === 'pending' || one.reason === 'failed');
  const asked = useQuery({ ...onTheirWayQuery(fetched.map((one) => one.symbol)), enabled: fetched.length > 0 });
  useSettled(id, asked.data);
  if (leftOut.length === 0) return null;
  const jobs = new Map(asked.data?.map((job) => [job.symbol, job]));
  const pending = leftOut.filter((one) => one.reason === 'pending').length;
  if (brief) return <Brief leftOut={leftOut} pending={pending} />;
  const shown = all ? leftOut : leftOut.slice(0, FIRST);
  return (
    <section className="card left-out" aria-labelledby="left-out">
      <h2 id="left-out">
        <span aria-hidden="true">◐</span> {counted(leftOut.length, 'holding')} not counted yet
      </h2>
      <p className="about">
        The figures below are of the rest: {leftOut.length === 1 ? 'it counts' : 'these count'} neither as holding nor as money spent.{' '}
        {pending > 0 && 'What is being fetched joins by itself; this page follows.'}
      </p>
      <ul className="log on-way">
        {shown.map((one) => (
          <li key={one.symbol}>
            <Link to="/symbols/$ticker" params={{ ticker: one.symbol }} data-row={one.symbol}>{one.symbol}</Link>
            <Why of={one} job={jobs.get(one.symbol)} />
          </li>
        ))}
      </ul>
      {!all && leftOut.length > FIRST && <button type="button" className="plain" onClick={() => setAll(true)}>Show all {leftOut.length}</button>}
    </section>
  );
}

/** The same in a line, where something else is looked at. */
function Brief({ leftOut, pending }: { leftOut: LeftOut[]; pending: number }) {
  return (
    <p className="card left-out brief" role="status">
      <span aria-hidden="true">◐</span> <b>{counted(leftOut.length, 'holding')} not counted yet</b>
      {pending > 0 && `, ${pending} of them on the way in`}.{' '}
      <Link from="/portfolios/$portfolio" to="." search={(now) => ({ ...now, tab: undefined })}>Which, and why</Link>
    </p>
  );
}

function Why({ of, job }: { of: LeftOut; job: Onboarding | undefined }) {
  if (job && isOpen(job)) {
    const { share, said } = howFar(job);
    return (
      <span>
        <Progress value={Math.max(share, 3)} size="sm" animated aria-label={`How far: ${of.symbol}`} />
        <span className="note">{said}</span>
      </span>
    );
  }
  if (of.reason === 'failed') return <Failed symbol={of.symbol} because={of.because} job={job} />;
  return <span>{of.because}</span>;
}

function Failed({ symbol, because, job }: { symbol: string; because: string; job: Onboarding | undefined }) {
  const [key, setKey] = useState(newKey);
  const again = useChange(askSymbols, ['onboarding', 'portfolio', 'portfolios']);
  const ask = (): void => again.mutate({ symbols: [symbol], priority: 'high', key }, { onSettled: () => setKey(newKey()) });
  return (
    <span className="failed">
      <span>
        {job?.error ?? because}
        {job?.mend && <span className="note block"><Said text={job.mend} /></span>}
        {again.error && <span role="alert" className="form-error block"><Said text={inFull(again.error)} /></span>}
      </span>
      <RightButton right="write" variant="default" size="xs" loading={again.isPending} onClick={ask} label={`Try again: ${symbol}`}>Try again</RightButton>
    </span>
  );
}
