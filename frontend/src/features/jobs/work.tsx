import { Button, Progress } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useChange } from '@/api/change';
import { type Cycle, cyclesQuery, isOpen, type Job, jobsQuery, stopJob } from '@/api/jobs';
import { instant, shortDate, words } from '@/lib/format';
import { Confirm } from '@/ui/confirm';
import { RightButton } from '@/ui/rights';
import { Empty, ErrorBox, Said, Waiting } from '@/ui/states';
import { AskForm } from './ask-form';
import { asked, KINDS, lasted, STATES } from './job-words';

const FIRST = 12;

/** Asking for work, what is running, and what was done. */
export function Work() {
  const jobs = useQuery(jobsQuery);
  const open = jobs.data?.rows.filter(isOpen) ?? [];
  const ended = jobs.data?.rows.filter((job) => !isOpen(job)) ?? [];
  return (
    <>
      <AskForm />
      {jobs.error && <ErrorBox error={jobs.error} again={() => void jobs.refetch()} />}
      {jobs.isPending && <Waiting rows={3} height={56} />}
      {open.length > 0 && (
        <section aria-labelledby="running">
          <h2 id="running" className="section-head">Under way</h2>
          {open.map((job) => <Running key={job.id} job={job} />)}
        </section>
      )}
      {jobs.data && (
        <section className="card" aria-labelledby="past-jobs">
          <h2 id="past-jobs">Past jobs</h2>
          {ended.length ? <PastJobs jobs={ended} /> : <p className="note">Nothing was asked for from here or by the API in the last 90 days. The daily cycles are below.</p>}
        </section>
      )}
      <PastCycles />
    </>
  );
}

function Running({ job }: { job: Job }) {
  const [sure, setSure] = useState(false);
  const stop = useChange(stopJob, ['jobs']);
  const { progress } = job;
  const share = progress?.total ? (progress.done / progress.total) * 100 : 0;
  const [, , word] = STATES[job.state];
  return (
    <article className="card running" aria-label={`${KINDS[job.kind]}, ${word}`}>
      <div className="running-head">
        <b>{KINDS[job.kind]}</b>
        <span className="note">{asked(job)}</span>
        <span className="push" />
        <RightButton right="write" variant="default" size="xs" onClick={() => setSure(true)} label={`Stop: ${KINDS[job.kind]}`}>Stop</RightButton>
      </div>
      <Progress
        value={job.state === 'queued' ? 0 : Math.max(share, 2)}
        animated={job.state === 'running'}
        size="sm"
        aria-label={`How far: ${KINDS[job.kind]}`}
      />
      <p className="note" role="status">
        {job.state === 'queued' ? 'waits for its turn' : job.message ?? 'under way'}
        {progress && progress.total > 0 && ` · ${progress.done.toLocaleString('en-GB')} of ${progress.total.toLocaleString('en-GB')} ${progress.unit}`}
        {' · '}asked by {job.asked_by || 'nobody known'} {instant(job.asked_at)}
      </p>
      {sure && (
        <Confirm title="Stop this job?" act="Stop it" danger busy={stop.isPending} error={stop.error} onClose={() => setSure(false)} onYes={() => stop.mutate(job.id, { onSuccess: () => setSure(false) })}>
          <p>It stops at the next place where nothing is left half done. What it has published stays.</p>
        </Confirm>
      )}
    </article>
  );
}

function PastJobs({ jobs }: { jobs: Job[] }) {
  const [all, setAll] = useState(false);
  return (
    <>
      <ul className="log">
        {(all ? jobs : jobs.slice(0, FIRST)).map((job) => {
          const [mark, tone, word] = STATES[job.state];
          return (
            <li key={job.id}>
              <span className={`state ${tone}`}><span aria-hidden="true">{mark}</span> {word}</span>
              <span>
                <b>{KINDS[job.kind]}</b> <span className="note">{asked(job)}</span>
                {job.message && <span className="note block">{job.message}</span>}
                {job.problem && <span className="block"><Said text={[job.problem.what, job.problem.mend].filter(Boolean).join(': ')} /></span>}
              </span>
              <span className="note when">{instant(job.ended_at ?? job.asked_at)}<span className="block">{lasted(job.started_at, job.ended_at)}{job.asked_by && ` · ${job.asked_by}`}</span></span>
            </li>
          );
        })}
      </ul>
      {!all && jobs.length > FIRST && <button type="button" className="plain" onClick={() => setAll(true)}>Show all {jobs.length}</button>}
    </>
  );
}

function PastCycles() {
  const cycles = useQuery(cyclesQuery);
  const [all, setAll] = useState(false);
  const rows = cycles.data?.rows ?? [];
  if (cycles.error) return <ErrorBox error={cycles.error} again={() => void cycles.refetch()} />;
  if (cycles.isPending) return <Waiting rows={4} height={36} />;
  if (!rows.length) {
    return <Empty title="No cycle yet"><p>A cycle fetches prices and ranks every board. Start one above, or <code>pacesetter cycle</code>.</p></Empty>;
  }
  return (
    <section className="card" aria-labelledby="cycles">
      <h2 id="cycles">Cycles</h2>
      <p className="about">Each publishes whole sessions at once: readers never see half of one.</p>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls is reached by the keyboard too */}
      <div className="wide" role="region" aria-label="Past cycles" tabIndex={0}>
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Session</th><th scope="col">Kind</th><th scope="col">State</th><th scope="col">Source</th><th scope="col">Ended</th><th scope="col" className="number">Took</th>
            </tr>
          </thead>
          <tbody>{(all ? rows : rows.slice(0, FIRST)).map((cycle) => <CycleRow key={cycle.id} cycle={cycle} />)}</tbody>
        </table>
      </div>
      {!all && rows.length > FIRST && <Button variant="subtle" size="compact-sm" onClick={() => setAll(true)}>Show {rows.length} of {cycles.data.count}</Button>}
    </section>
  );
}

const CYCLE_MARKS: Record<string, [string, string]> = { published: ['✓', 'good'], failed: ['✕', 'bad'], claimed: ['…', 'busy'] };

function CycleRow({ cycle }: { cycle: Cycle }) {
  const [mark, tone] = CYCLE_MARKS[cycle.status] ?? ['?', 'busy'];
  return (
    <tr>
      <th scope="row">{shortDate(cycle.metric_date)}</th>
      <td>{words(cycle.kind)}</td>
      <td>
        <span className={`state ${tone}`}><span aria-hidden="true">{mark}</span> {cycle.status === 'claimed' ? `at “${cycle.stage}”` : cycle.status}</span>
        {cycle.provisional && <span className="note"> provisional</span>}
        {cycle.error && <span className="note block">{cycle.error}</span>}
      </td>
      <td className="note">{cycle.source ?? 'stored prices'}</td>
      <td className="note">{cycle.published_at ? instant(cycle.published_at) : '–'}</td>
      <td className="number note">{lasted(cycle.started_at, cycle.published_at)}</td>
    </tr>
  );
}
