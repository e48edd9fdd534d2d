import { Link } from '@tanstack/react-router';
import { useChange } from '@/api/change';
import { newKey } from '@/api/client';
import { askSymbols, isOpen, type Onboarding } from '@/api/onboarding';
import { instant } from '@/lib/format';
import { inFull } from '@/ui/confirm';
import { Hidden } from '@/ui/hidden';
import { RightButton } from '@/ui/rights';
import { Said } from '@/ui/states';
import { soon, STAGES, STATES, whoInWords } from './onboarding-words';

/** Symbols with how far each is. */
export function Queue({ jobs }: { jobs: Onboarding[] }) {
  return <ul className="queue" aria-label="Symbols that were asked for">{jobs.map((job, i) => <Asked key={job.id} job={job} again={jobs.findIndex((one) => one.symbol === job.symbol) < i} />)}</ul>;
}

/** `again`: it was asked for once more since; the jobs come newest first. */
function Asked({ job, again }: { job: Onboarding; again: boolean }) {
  const [mark, tone, word] = STATES[job.status];
  return (
    <li className="card">
      <div className="who-is">
        {job.status === 'completed' ? (
          <Link to="/symbols/$ticker" params={{ ticker: job.symbol }} data-row={job.symbol}>{job.symbol}</Link>
        ) : (
          <b>{job.symbol}</b>
        )}
        {job.priority !== 'normal' && <span className="badge quiet">{job.priority} priority</span>}
      </div>
      <div>
        <span className={`state ${tone}`}><span aria-hidden="true">{mark}</span> {word}</span>
        {isOpen(job) && <span className="note"> {soon(job.eta_s)}</span>}
      </div>
      <Steps job={job} />
      <p className="note asked-by">
        by {whoInWords(job.requested_by)}, {instant(job.requested_at)}
        {job.attempts > 1 && `, tried ${job.attempts} times`}
      </p>
      {job.error && <Cause job={job} again={again} />}
    </li>
  );
}

/** What is behind it, what it is at, and what is still to come. */
function Steps({ job: { stages, stage, status } }: { job: Onboarding }) {
  return (
    <ol className="stages" aria-label="Steps">
      {stages.map(({ name, done }) => {
        const here = !done && name === stage;
        const kind = done ? 'done' : here ? (status === 'failed' ? 'broken' : 'here') : 'ahead';
        return (
          <li key={name} className={kind} aria-current={here ? 'step' : undefined}>
            <span aria-hidden="true">{{ done: '✓', here: '…', broken: '✕', ahead: '○' }[kind]}</span> {STAGES[name] ?? name}
            <Hidden>{{ done: ', done', here: ', under way', broken: ', failed', ahead: ', to come' }[kind]}</Hidden>
          </li>
        );
      })}
    </ol>
  );
}

function Cause({ job, again }: { job: Onboarding; again: boolean }) {
  const retry = useChange(askSymbols, ['onboarding']);
  const failed = job.status === 'failed';
  return (
    <div className="cause">
      <p>
        {!failed && <b>{job.cause === 'no_provider' ? 'It waits, because ' : 'Tried again, because: '}</b>}
        <Said text={job.error ?? ''} />.
        {job.mend && <span className="note block"><b>What mends it:</b> <Said text={job.mend} />.</span>}
      </p>
      {failed && again && <span className="note">asked for again since</span>}
      {failed && !again && (
        <RightButton
          right="write"
          variant="default"
          size="xs"
          loading={retry.isPending}
          onClick={() => retry.mutate({ symbols: [job.symbol], priority: job.priority, key: newKey() })}
          label={`Try again: ${job.symbol}`}
        >
          Try again
        </RightButton>
      )}
      {retry.error && <p role="alert" className="form-error"><Said text={inFull(retry.error)} /></p>}
    </div>
  );
}
