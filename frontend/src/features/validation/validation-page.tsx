import { NativeSelect, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { domainsQuery } from '@/api/queries';
import { type Validation, validationQuery } from '@/api/validation';
import { MonthBars } from '@/charts/month-bars';
import { ValueBars } from '@/charts/value-bars';
import { counted, decimals, shortDate, signed } from '@/lib/format';
import { ErrorBox, Waiting } from '@/ui/states';
import { useTitle } from '@/ui/use-title';
import { FactorICs, HorizonTable, sessions } from './figures-tables';
import { HORIZONS, type Horizon } from './search';
import { doubts, verdict } from './verdict';

const route = getRouteApi('/validation/$board');

/** Whether a board's scores said anything of what followed, and when not to believe it. */
export function ValidationPage() {
  const { board } = route.useParams();
  const { h = '21', method } = route.useSearch();
  const navigate = route.useNavigate();
  const boards = useQuery(domainsQuery).data?.domains ?? [];
  const asked = useQuery(validationQuery(board, method));
  const name = asked.data?.board ?? boards.find((one) => one.slug === board)?.name ?? board;
  useTitle(`Validation of ${name}`);
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Validation</h1>
          <p className="lead">Did the scores of {name} say anything of what followed?</p>
          {asked.data && (
            <p className="facts">
              <span>{shortDate(asked.data.first)} to {shortDate(asked.data.last)}</span>
              <span>{counted(asked.data.members, 'symbol')}</span>
              <span>method {asked.data.method}</span>
              <span>from the prices as they are known now</span>
            </p>
          )}
        </div>
        <NativeSelect
          label="Board"
          value={board}
          data={boards.length ? boards.map((one) => ({ value: one.slug, label: one.name })) : [board]}
          onChange={(event) => void navigate({ to: '/validation/$board', params: { board: event.currentTarget.value }, search: (now) => ({ ...now, method: undefined }) })}
        />
      </div>
      {asked.error && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {asked.isPending && (
        <>
          <p className="note" role="status">Ten years are held against what came after. The first time this takes some seconds; then the answer is kept.</p>
          <Waiting rows={6} height={64} />
        </>
      )}
      {asked.data && !asked.error && <Body body={asked.data} h={h} />}
    </>
  );
}

function Body({ body, h }: { body: Validation; h: Horizon }) {
  const navigate = route.useNavigate();
  const horizon = Number(h);
  const score = body.rows.filter((line) => line.what === 'score');
  const line = score.find((one) => one.horizon === horizon);
  const said = verdict(line);
  const against = doubts(body, line);
  const months = body.months.filter((one) => one.horizon === horizon);
  const groups = (line?.quantile_returns ?? []).map((value, i, all) => ({
    name: i === 0 ? 'lowest' : i === all.length - 1 ? 'highest' : String(i + 1),
    value,
    said: value == null ? '–' : `${signed(value * 100, 2)} %`,
  }));
  return (
    <>
      <div className="switches spaced">
        <span id="ahead">Sessions ahead</span>
        <SegmentedControl
          aria-labelledby="ahead"
          value={h}
          data={HORIZONS.map((value) => ({ value, label: value }))}
          onChange={(value) => void navigate({ search: (now) => ({ ...now, h: value }), replace: true })}
        />
      </div>
      <section className={`card verdict ${said.kind}`} aria-labelledby="verdict">
        <h2 id="verdict">{said.title}</h2>
        <p>{said.said}</p>
        {against.length > 0 && (
          <>
            <h3>When not to trust it</h3>
            <ul>{against.map((one) => <li key={one}>{one}</li>)}</ul>
          </>
        )}
      </section>
      <section className="card" aria-labelledby="horizons">
        <h2 id="horizons">By horizon</h2>
        <p className="about">* marks a t beyond ±2. Hold a pointer over a heading for what it means.</p>
        <HorizonTable lines={score} />
        <Reading>
          <p><b>IC</b>, the information coefficient: how well the order of the scores matched the order of the returns that followed. 1 is perfect, 0 is chance; a lasting 0.03 to 0.05 is what good methods reach.</p>
          <p><b>Decay</b> is how the IC changes from the short to the long horizon: a score that holds on needs less trading.</p>
          <p><b>Turnover</b> costs money with every trade; no cost is taken off here. <b>Autocorrelation</b> near 1 means a calm order.</p>
          <p>The members are today’s unless a board’s history was imported: those who failed and left are missing, which flatters the figures.</p>
        </Reading>
      </section>
      <div className="pair">
        <section className="card" aria-labelledby="over-time">
          <h2 id="over-time">IC over time</h2>
          <p className="about">A bar a month, {sessions(horizon)} ahead; the line is the mean of twelve months.</p>
          {months.length ? <MonthBars months={months} label={inWords(months, horizon)} /> : <p className="note">No month has one.</p>}
          <Reading><p>Trust what holds in most years more than one good stretch. Bars that overlap in time are not independent: beyond 21 sessions, neighbouring months share the same returns.</p></Reading>
        </section>
        <section className="card" aria-labelledby="groups">
          <h2 id="groups">Return by group of score</h2>
          <p className="about">Mean return over {sessions(horizon)}, from the lowest scores to the highest.</p>
          {groups.some((one) => one.value != null) ? (
            <ValueBars bars={groups} label={`Mean returns by group: ${groups.map((one) => `${one.name} ${one.said}`).join(', ')}`} />
          ) : (
            <p className="note">Fewer than ten symbols on a session make no groups: there is no staircase to see here.</p>
          )}
          <Reading><p>A useful score makes a staircase that climbs to the right. A single high column at the end is often a handful of lucky symbols.</p></Reading>
        </section>
      </div>
      <section className="card" aria-labelledby="factors">
        <h2 id="factors">Each factor by itself</h2>
        <FactorICs rows={body.rows} horizons={score.map((one) => one.horizon)} />
        <Reading><p>With {counted(body.rows.length, 'figure')} in sight, about one in twenty is beyond ±2 by chance alone. Do not drop or add a factor for one starred cell.</p></Reading>
      </section>
    </>
  );
}

function Reading({ children }: { children: React.ReactNode }) {
  return <details className="reading"><summary>How to read this</summary>{children}</details>;
}

function inWords(months: Validation['months'], horizon: number): string {
  const above = months.filter((one) => one.ic > 0).length;
  const mean = months.reduce((sum, one) => sum + one.ic, 0) / months.length;
  return `Monthly information coefficients, ${sessions(horizon)} ahead: above 0 in ${above} of ${months.length} months, mean ${decimals(mean, 3)}.`;
}
