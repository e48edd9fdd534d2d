import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { ApiError } from '@/api/client';
import { type Desk, deskQuery, reportPage, reportQuery, reportsQuery } from '@/api/desk';
import { counted, instantInFull, longDate } from '@/lib/format';
import { SessionPicker } from '@/ui/session-picker';
import { Empty, ErrorBox, Waiting } from '@/ui/states';
import { DeskFrame } from './desk-frame';
import { ModeNote } from './mode-note';
import { AskNight } from './ask-night';
import { ReportView } from './report-view';

const route = getRouteApi('/desk');

/** Where the desk stands this morning, and the report. */
export function TodayPage() {
  const asked = useQuery(deskQuery);
  const desk = asked.data;
  return (
    <DeskFrame title="Desk" lead={<p>{desk?.night ? <>After the session of <b>{longDate(desk.night.on)}</b>, with what was known by {instantInFull(desk.night.known_until)}</> : 'Works overnight, and reports in the morning.'}</p>}>
      {asked.error && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {asked.isPending && <Waiting rows={4} height={90} />}
      {desk && !desk.night && <Start desk={desk} />}
      {desk?.night && (
        <>
          <Standing desk={desk} night={desk.night} />
          {desk.due.length > 0 && <AskNight due={desk.due} />}
          <MorningReport newest={desk.report_on} />
          <ModeNote desk={desk} />
        </>
      )}
    </DeskFrame>
  );
}

const REGIMES: Record<string, readonly [string, string]> = {
  bull: ['Bull', 'good'],
  neutral: ['Neutral', 'calm'],
  bear: ['Bear', 'bad'],
};

function Standing({ desk, night }: { desk: Desk; night: NonNullable<Desk['night']> }) {
  const [regime, tone] = REGIMES[night.regime] ?? [night.regime, 'calm'];
  const { counts } = night;
  return (
    <dl className="figures desk-figures">
      <div className={desk.waiting ? 'asks' : ''}>
        <dt>Waits for your answer</dt>
        <dd><b>{desk.waiting}</b> <Link to="/desk/decisions">{desk.waiting === 1 ? 'decision' : 'decisions'}</Link></dd>
      </div>
      <div>
        <dt>Watchlist, fired</dt>
        <dd><b>{desk.fired}</b> <Link to="/desk/watchlist">{desk.to_validate ? `${desk.to_validate} to look at` : 'watchlist'}</Link></dd>
      </div>
      <div>
        <dt>Research queue</dt>
        <dd><b>{counts.waiting}</b> <Link to="/desk/queue">waiting</Link></dd>
      </div>
      <div>
        <dt>That evening</dt>
        <dd><b>{counts.signals}</b> <Link to="/desk/signals" search={{ on: night.on }}>{counts.signals === 1 ? 'signal' : 'signals'}</Link> <span className="note">{counted(counts.opinions, 'opinion')}, {counted(counts.decisions, 'verdict')}</span></dd>
      </div>
      <div className="broad">
        <dt>Market regime</dt>
        <dd><b className={`state ${tone}`}>{regime}</b> {desk.regime_reason && <span className="note">{desk.regime_reason}</span>}</dd>
      </div>
    </dl>
  );
}

function MorningReport({ newest }: { newest: string | null }) {
  const { on } = route.useSearch();
  const navigate = route.useNavigate();
  const days = useQuery(reportsQuery).data?.rows.map((row) => row.on) ?? [];
  const asked = useQuery(reportQuery(on));
  const report = asked.data;
  const at = report ? days.indexOf(report.on) : -1;
  const go = (day: string | undefined): void => void navigate({ search: day && day !== newest ? { on: day } : {}, resetScroll: false });
  const step = (to: number, name: string, mark: string): React.ReactNode => (
    <button type="button" className="icon" aria-label={name} disabled={at < 0 || !days[to]} onClick={() => go(days[to])}>{mark}</button>
  );
  const missing = asked.error instanceof ApiError && asked.error.status === 404;
  return (
    <section className="card report-card" aria-labelledby="morning-report">
      <div className="card-head">
        <h2 id="morning-report">{report?.title ?? 'Morning report'} {report && report.versions > 1 && <span className="note">version {report.version} of {report.versions}</span>}</h2>
        <div className="switches no-print">
          <span className="picker">{step(at + 1, 'The report before', '‹')}</span>
          <SessionPicker value={on ?? report?.on} newest={newest} onPick={go} />
          <span className="picker">{step(at - 1, 'The report after', '›')}</span>
          {report && <a className="link-button" href={reportPage(report.on, report.version)} target="_blank" rel="noreferrer">As a page</a>}
          <button type="button" className="link-button" onClick={() => window.print()} disabled={!report}>Print</button>
        </div>
      </div>
      {asked.error && !missing && <ErrorBox error={asked.error} again={() => void asked.refetch()} onDay={go} />}
      {missing && (
        <div className="message">
          <p><b>{on ? `No report of ${longDate(on)}.` : 'No report is kept yet.'}</b></p>
          <p>{on ? 'The exchange was closed, or the desk did not work that night. Reports are kept for 90 days.' : 'The next night makes one.'}</p>
          {on && <button type="button" className="plain" onClick={() => go(undefined)}>The newest report</button>}
        </div>
      )}
      {asked.isPending && <Waiting rows={5} height={60} />}
      {report && !asked.error && <div className={asked.isPlaceholderData ? 'fading' : ''}><ReportView report={report} /></div>}
    </section>
  );
}

/** How the desk starts. */
function Start({ desk }: { desk: Desk }) {
  return (
    <Empty title="The desk has not worked yet">
      <p>
        Each night it looks for signals, asks its analysts about the strongest, checks your watchlist, and writes a report for the
        morning. It needs ranked sessions, and no language model.
      </p>
      {desk.simulated && <p>In a new simulated market the first nights come by themselves, in a minute or two. This page shows them then.</p>}
      {desk.due.length > 0 ? (
        <AskNight due={desk.due} />
      ) : (
        <>
          <p>No session is ready: a session counts once it is ranked with final prices and the morning after it has come.</p>
          <p><Link to="/jobs">Rank a session</Link>, or <code>pacesetter night --on DATE</code> works through any ranked one.</p>
          <AskNight due={[]} />
        </>
      )}
    </Empty>
  );
}
