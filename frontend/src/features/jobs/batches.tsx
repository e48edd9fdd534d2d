import { Progress } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type BatchDay, batchQuery, type Phase } from '@/api/batch';
import { instant, longDate } from '@/lib/format';
import { Empty, ErrorBox, Said, Waiting } from '@/ui/states';
import { dayInWords, phaseInWords, stateInWords } from './batch-words';
import { lasted } from './job-words';
import '@/styles/symbol-work.css';

/** The nightly batch: every phase of the newest sessions, and who was left out for which reason. */
export function Batches() {
  const asked = useQuery(batchQuery);
  const [newest, ...earlier] = asked.data?.rows ?? [];
  return (
    <>
      <p className="note">
        Every night after a session, all symbols are measured at once: exposures first, then the day’s figures.
        {asked.data && <> The next batch is due {instant(asked.data.scheduled_for)}.</>}
      </p>
      {asked.error && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {asked.isPending && <Waiting rows={6} height={44} />}
      {asked.data && !newest && (
        <Empty title="No batch yet">
          <p><Link to="/jobs">Start one</Link>, wait for the night, or run <code>pacesetter batch</code>.</p>
        </Empty>
      )}
      {newest && <Newest day={newest} />}
      {earlier.length > 0 && (
        <section className="card" aria-labelledby="earlier-batches">
          <h2 id="earlier-batches">Sessions before</h2>
          {earlier.map((day) => (
            <details key={day.on} className="batch-day">
              <summary>
                {longDate(day.on)} <State state={day.state} /> <span className="note">{dayInWords(day)}</span>
              </summary>
              <Phases day={day} />
            </details>
          ))}
        </section>
      )}
    </>
  );
}

function Newest({ day }: { day: BatchDay }) {
  return (
    <section className="card" aria-labelledby="newest-batch">
      <h2 id="newest-batch">{longDate(day.on)} <State state={day.state} /></h2>
      <p className="about" role="status">{dayInWords(day)}</p>
      <Phases day={day} />
    </section>
  );
}

function State({ state }: { state: string }) {
  const [mark, tone, word] = stateInWords(state);
  return <span className={`state ${tone}`}><span aria-hidden="true">{mark}</span> {word}</span>;
}

function Phases({ day }: { day: BatchDay }) {
  return (
    <ul className="phases" aria-label={`Phases of ${longDate(day.on)}`}>
      {day.phases.map((phase) => <PhaseRow key={phase.phase} phase={phase} />)}
    </ul>
  );
}

function PhaseRow({ phase }: { phase: Phase }) {
  const { done, total, error, problems, state } = phase;
  const name = phaseInWords(phase.phase);
  return (
    <li>
      <b>{name}</b>
      <State state={state} />
      <span className="so-far">
        <Progress value={total ? (done / total) * 100 : 0} size="sm" animated={state === 'running'} aria-label={`Symbols with a result: ${name}`} />
        <span className="figure">{done.toLocaleString('en-GB')} of {total.toLocaleString('en-GB')}</span>
      </span>
      <span className="note when">{lasted(phase.started_at, phase.ended_at)}</span>
      {(error !== null || problems.length > 0) && (
        <div className="problems">
          {error !== null && <p className="form-error"><Said text={error} /></p>}
          {problems.map((one) => (
            <details key={one.reason}>
              <summary>{one.count.toLocaleString('en-GB')} left out: {one.because}</summary>
              <ul className="chips">
                {one.symbols.map((symbol) => <li key={symbol}><Link to="/symbols/$ticker" params={{ ticker: symbol }}>{symbol}</Link></li>)}
                {one.count > one.symbols.length && <li className="more">and {(one.count - one.symbols.length).toLocaleString('en-GB')} more</li>}
              </ul>
            </details>
          ))}
        </div>
      )}
    </li>
  );
}
