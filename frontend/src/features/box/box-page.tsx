import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type BoxDetail, boxQuery } from '@/api/boxes';
import { ApiError } from '@/api/client';
import { counted, longDate, shortDate, words } from '@/lib/format';
import { useLinkKeys } from '@/lib/keys';
import { BoxPicture, shortCode } from '@/ui/box-picture';
import { RankChange } from '@/ui/rank-change';
import { Empty, ErrorBox, Remarks, Said, Waiting } from '@/ui/states';
import { useTitle } from '@/ui/use-title';
import { ChartsSection } from './charts-section';
import { DayForm } from './day-form';
import { FactsForm } from './facts-form';
import { MeasuresSection } from './measures-section';
import { RecordsSection } from './records-section';
import { WhySection } from './why-section';
import '@/styles/boxes.css';

const route = getRouteApi('/boxes/$symbol');

/** Everything known of a box: its figures and what they mean, how they went, who said so, and why it stands where it does. */
export function BoxPage() {
  const { symbol } = route.useParams();
  const { on, edit } = route.useSearch();
  const asked = useQuery(boxQuery(symbol, on));
  const { data, error } = asked;
  useTitle(data?.box.title ?? symbol);
  useLinkKeys();
  if (error) return <Failed error={error} symbol={symbol} again={() => void asked.refetch()} />;
  if (!data) {
    return (
      <>
        <h1 className="hidden">{symbol}</h1>
        <Waiting rows={4} height={320} />
      </>
    );
  }
  return (
    <div className={asked.isPlaceholderData ? 'fading' : ''}>
      <Head data={data} on={on} />
      {edit === 'day' && <DayForm key={data.box.symbol} box={data.box} />}
      {edit === 'facts' && <FactsForm key={data.box.symbol} box={data.box} />}
      {data.day ? (
        <>
          <ChartsSection symbol={data.box.symbol} />
          <MeasuresSection data={data} day={data.day} />
          {data.day.current_rank != null && data.day.previous_on && data.as_of && (
            <WhySection symbol={data.box.symbol} from={data.day.previous_on} to={data.as_of} />
          )}
          <RecordsSection symbol={data.box.symbol} />
        </>
      ) : (
        <Empty title="Never observed">
          <p>Nothing is known of its price yet. Enter a day’s figures, or bring a file that has it: <code>pacesetter import boxes FILE</code>.</p>
        </Empty>
      )}
    </div>
  );
}

function Head({ data, on }: { data: BoxDetail; on: string | undefined }) {
  const { box, asked_for: former } = data;
  return (
    <>
      <div className="box-head">
        <BoxPicture url={box.image_url} code={shortCode(box)} alt={`Picture of ${box.title}`} size={112} />
        <div>
          <p className="note crumb"><Link to="/boxes" search={on ? { on } : {}}>Boxes</Link></p>
          <h1>{box.name ?? box.symbol} <span className="soft">{box.name ? box.symbol : 'unnamed'}</span></h1>
          {former && (
            <p className="joined" role="note">
              <b>{former}</b> is joined into <Link to="/boxes/$symbol" params={{ symbol: box.symbol }} search={on ? { on } : {}}>{box.symbol}</Link>: this is the box that was kept.
            </p>
          )}
          <Facts data={data} />
          <Standing data={data} on={on} />
        </div>
        <p className="switches">
          <Link className="link-button" to="/boxes/$symbol" params={{ symbol: box.symbol }} search={(now) => ({ ...now, edit: now.edit === 'day' ? undefined : ('day' as const) })} replace>Enter a day…</Link>
          <Link className="link-button" to="/boxes/$symbol" params={{ symbol: box.symbol }} search={(now) => ({ ...now, edit: now.edit === 'facts' ? undefined : ('facts' as const) })} replace>
            {box.name ? 'Change facts…' : 'Name it…'}
          </Link>
        </p>
      </div>
      <Doubts data={data} on={on} />
    </>
  );
}

function Facts({ data: { box, first_observed_on: first, last_observed_on: last, observed_days: days } }: { data: BoxDetail }) {
  return (
    <p className="facts">
      {box.game && <span>{box.game}</span>}
      {(box.set_code ?? box.set_name) && <span>set {[box.set_code, box.set_name].filter(Boolean).join(', ')}</span>}
      {box.variant && <span>{box.variant}</span>}
      {box.released_on && <span>released {shortDate(box.released_on)}</span>}
      {box.reprint_risk && <span>reprint risk {box.reprint_risk}</span>}
      {!box.name && box.external_id && <span>its source calls it <code>{box.external_id}</code></span>}
      {first && last && <span>observed on {counted(days, 'day')}, {shortDate(first)} to {shortDate(last)}</span>}
    </p>
  );
}

function Standing({ data: { day, ranked, as_of: asOf, words: said }, on }: { data: BoxDetail; on: string | undefined }) {
  if (!day || !asOf) return null;
  const { current_rank: rank, previous_rank: former, previous_on: since } = day;
  return (
    <p className="box-rank">
      {rank == null ? (
        <span>Unranked: {said[day.unranked_reason ?? ''] ?? words(day.unranked_reason ?? '')}</span>
      ) : (
        <>
          <span className="big">#{rank}</span> <span>of {ranked}</span> <RankChange rank={rank} change={day.rank_change} since={since} of="day" />
          {since && <span className="note">{former == null ? `no rank on ${shortDate(since)}` : `#${former} on ${shortDate(since)}`}</span>}
        </>
      )}
      <span className="note">{longDate(asOf)}</span>
      {on && <Link to="." search={(now: object) => ({ ...now, on: undefined })} className="note">newest</Link>}
    </p>
  );
}

function Doubts({ data: { stale, stale_sessions: days, as_of: day, remarks, box, asked_for: former }, on }: { data: BoxDetail; on: string | undefined }) {
  // That it has no name, or is joined into another, is said above.
  const left = remarks.filter((one) => (box.name || !one.includes('--name')) && !(former && one.includes('is joined into')));
  const old = stale && !on && day !== null && days !== null;
  return (
    <Remarks remarks={left}>
      {old && <p><span aria-hidden="true">⚠</span> <b>Not current:</b> its newest rank is of {shortDate(day)}; {counted(days, 'day')} could have come since.</p>}
    </Remarks>
  );
}

function Failed({ error, symbol, again }: { error: Error; symbol: string; again: () => void }) {
  if (!(error instanceof ApiError) || error.status !== 404) {
    return (
      <>
        <h1 className="hidden">{symbol}</h1>
        <ErrorBox error={error} again={again} />
        <p className="message-foot"><Link to="." search={{}}>Its newest day</Link> · <Link to="/boxes">All boxes</Link></p>
      </>
    );
  }
  const near = [...error.mend.matchAll(/\bBOX-[A-Z0-9-]+/g)].map(([one]) => one);
  return (
    <section className="message" role="alert">
      <h1>There is no box {symbol}</h1>
      <p><Said text={error.message} />.</p>
      {near.length > 0 ? (
        <p>Did you mean {near.map((one, i) => <span key={one}>{i > 0 && ', '}<Link to="/boxes/$symbol" params={{ symbol: one }}>{one}</Link></span>)}?</p>
      ) : (
        error.mend && <p><Said text={error.mend} /></p>
      )}
      <p><Link to="/boxes">All boxes</Link></p>
    </section>
  );
}
