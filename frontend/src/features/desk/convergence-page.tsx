import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { ApiError } from '@/api/client';
import { type Convergence, convergenceQuery, queueHistoryQuery, signalRulesQuery } from '@/api/signals';
import { counted, decimals, longDate, percent, sentence, shortDate, withDays, words } from '@/lib/format';
import { Empty, ErrorBox, Waiting } from '@/ui/states';
import { Waterfall } from '@/charts/waterfall';
import { Band } from './band';
import { stepsOf } from './convergence-steps';
import { fadeInWords } from './decay';
import { DeskFrame } from './desk-frame';
import { bandName, QUEUE_ENDS, title } from './desk-words';
import { TextList } from './text-list';

const ScoreChart = lazy(async () => ({ default: (await import('@/charts/score-chart')).ScoreChart }));
const route = getRouteApi('/desk/queue/$ticker');

/** What the signals of a symbol come to, part by part, and how that fades. */
export function ConvergencePage() {
  const { ticker } = route.useParams();
  const { on } = route.useSearch();
  const asked = useQuery(convergenceQuery(ticker, on));
  const data = asked.data;
  const none = asked.error instanceof ApiError && asked.error.status === 404;
  return (
    <DeskFrame
      title={data?.symbol ?? ticker}
      lead={
        <p>
          {data?.name && data.name !== data.symbol && <><b>{data.name}</b> · </>}
          <Link to="/symbols/$ticker" params={{ ticker: data?.symbol ?? ticker }}>Its page</Link> · <Link to="/desk/decisions" search={{ symbol: data?.symbol ?? ticker }}>Decisions</Link> · <Link to="/desk/signals" search={{ symbol: data?.symbol ?? ticker }}>All its signals</Link> ·{' '}
          <Link to="/desk/watchlist" search={{ open: 'new', symbol: data?.symbol ?? ticker }}>Watch it</Link>
        </p>
      }
    >
      {asked.error && !none && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {none && <Empty title={`Nothing of ${ticker}`}><p>{asked.error && sentence(asked.error.message)}</p><p><Link to="/desk/queue" search={{ show: 'all' }}>Every symbol with a signal</Link></p></Empty>}
      {asked.isPending && <Waiting rows={4} height={120} />}
      {data && !asked.error && (
        <>
          <Score data={data} />
          {[...data.past, ...data.fades].some((day) => day.score > 0) && <Fading data={data} />}
          <Texts symbol={data.symbol} />
          <History symbol={data.symbol} />
        </>
      )}
    </DeskFrame>
  );
}

function Score({ data }: { data: Convergence }) {
  return (
    <section className="card" aria-labelledby="score">
      <h2 id="score">
        Score <span className="big">{decimals(data.score, 1)}</span> <Band band={data.band} /> <span className="note">{longDate(data.on)}</span>
      </h2>
      {data.parts.length === 0 ? (
        <p className="note">Nothing that counts was noticed about it, or all of it has faded.</p>
      ) : (
        <div className="explained convergence">
          <Waterfall
            from={{ label: 'Nothing', said: '0.0' }}
            to={{ label: 'Score', said: decimals(data.score, 1) }}
            steps={stepsOf(data)}
            caption={`How the score of ${data.symbol} came about`}
            unit="Adds"
          />
          <div className="reading">
            <p>
              {counted(data.parts.length, 'signal')}, of which {decimals(data.decayed_sum, 1)} is left, times {decimals(data.regime_multiplier, 2)} for the market ({data.regime ?? 'unknown'}), times{' '}
              {decimals(data.sector_multiplier, 2)} for its sector ({data.sector_favour ?? 'unknown'}), times {decimals(data.bonus, 2)} for {counted(data.kinds.length, 'kind')} of signal.
            </p>
          </div>
        </div>
      )}
      {data.parts.length > 0 && <Parts data={data} />}
    </section>
  );
}

function Parts({ data }: { data: Convergence }) {
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls is reached by the keyboard too
    <div className="wide" role="region" aria-label="Its signals" tabIndex={0}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Signal</th>
            <th scope="col">Seen</th>
            <th scope="col" className="number">Score then</th>
            <th scope="col" className="number">Age</th>
            <th scope="col" className="number">Left</th>
            <th scope="col" className="number">Counts</th>
          </tr>
        </thead>
        <tbody>
          {data.parts.map((part) => (
            <tr key={`${part.signal_type} ${part.source} ${part.seen_on}`}>
              <th scope="row">{title(part.signal_type)}{part.source !== part.signal_type && <span className="note block">by {words(part.source)}</span>}</th>
              <td>{shortDate(part.seen_on)}</td>
              <td className="number">{decimals(part.base_score, 1)}</td>
              <td className="number">{counted(part.age_days, 'day')}</td>
              <td className="number">{percent(part.decay_factor)}</td>
              <td className="number"><b>{decimals(part.decayed, 1)}</b></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Fading({ data }: { data: Convergence }) {
  const rules = useQuery(signalRulesQuery).data;
  const lines = useMemo(() => rules?.bands.filter((band) => band.score_from > 0).map((band) => ({ name: bandName(band.name), value: band.score_from })) ?? [], [rules]);
  const past = useMemo(() => data.past.map(({ date, score }) => ({ date, value: score })), [data.past]);
  const coming = useMemo(() => data.fades.map(({ date, score }) => ({ date, value: score })), [data.fades]);
  const line = rules?.enter_at;
  return (
    <section className="card" aria-labelledby="fading">
      <h2 id="fading">How it fades</h2>
      <p className="about">
        The nights so far, and the coming 30 days if nothing new is noticed and the market stays as it is.
        {line !== undefined && data.score >= line && ` ${fadeInWords(data.fades.map((day) => day.score), line)}`}
      </p>
      <Suspense fallback={<Waiting rows={1} height={270} />}>
        <ScoreChart past={past} coming={coming} lines={lines} label={`Score of ${data.symbol}: the nights so far, and how it fades from ${decimals(data.score, 1)} on ${shortDate(data.on)} to ${decimals(data.fades.at(-1)?.score, 1)} on ${shortDate(data.fades.at(-1)?.date ?? data.on)}`} />
      </Suspense>
    </section>
  );
}

function Texts({ symbol }: { symbol: string }) {
  return (
    <section className="card" aria-labelledby="texts">
      <h2 id="texts">Texts about it</h2>
      <p className="about">News, research and notes. The analysts of sentiment and catalysts read them, from the day on which they came.</p>
      <TextList symbol={symbol}>
        <p className="note">None yet. Put a file such as <code>{symbol}_{new Date().toISOString().slice(0, 10).replaceAll('-', '')}_title.md</code> into <code>research-reports</code> of the inbox. <Link to="/desk/log" search={{ show: 'inbox' }}>The inbox</Link></p>
      </TextList>
    </section>
  );
}

function History({ symbol }: { symbol: string }) {
  const rows = useQuery(queueHistoryQuery(symbol)).data?.rows ?? [];
  if (!rows.length) return null;
  return (
    <section className="card" aria-labelledby="in-queue">
      <h2 id="in-queue">In the queue</h2>
      <ul className="log">
        {rows.map((row) => (
          <li key={row.id} className="two">
            <span>{QUEUE_ENDS[row.status] ?? row.status}{row.reason && <span className="note block">{withDays(row.reason)}</span>}</span>
            <span className="note when">{shortDate(row.entered_on)}{row.left_on ? ` to ${shortDate(row.left_on)}` : ' until now'}, {decimals(row.entry_score, 1)} → {decimals(row.score, 1)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
