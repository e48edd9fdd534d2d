import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { firstBoxesQuery } from '@/api/boxes';
import { domainsQuery, leadersQuery, readyQuery } from '@/api/queries';
import { counted, longDate } from '@/lib/format';
import { useLinkKeys } from '@/lib/keys';
import { SessionPicker } from '@/ui/session-picker';
import { Empty, ErrorBox, Waiting } from '@/ui/states';
import { useTitle } from '@/ui/use-title';
import { BestOverall } from './best-overall';
import { DataHealth } from './data-health';
import { DeskCard } from './desk-card';
import { BoardLeaders } from './board-leaders';
import { BoxLeaders } from './box-leaders';
import { Movers } from './movers';

const route = getRouteApi('/');

/** The best of all, the leader of every board, and whether the data is well. */
export function HomePage() {
  const { on, movers } = route.useSearch();
  const navigate = route.useNavigate();
  const asked = useQuery(leadersQuery(on));
  const ready = useQuery(readyQuery).data;
  // Boxes have a card of their own: they are traded on other days.
  const domains = useQuery(domainsQuery).data?.domains.filter((one) => one.asset_type !== 'sealed_box');
  const boxes = useQuery({ ...firstBoxesQuery, enabled: asked.data?.leaders.length === 0 }).data?.count ?? 0;
  useTitle('Home');
  useLinkKeys();
  const data = asked.data;
  const pick = (day: string | undefined): void => void navigate({ search: (now) => ({ ...now, on: day }) });

  return (
    <>
      <div className="page-head">
        <div>
          <h1>Rankings</h1>
          {data?.as_of ? (
            <p className="lead">
              {longDate(data.as_of)}
              {data.provisional && <span className="badge">provisional: prices are not final yet</span>}
            </p>
          ) : (
            <p className="lead">Rankings that you can explain.</p>
          )}
        </div>
        {ready?.as_of && (
          <SessionPicker
            value={on ?? data?.as_of}
            newest={ready.as_of}
            onPick={pick}
          />
        )}
      </div>
      {ready && <DataHealth ready={ready} held={data?.leaders.reduce((sum, leader) => sum + leader.held_bars, 0) ?? 0} />}
      {!on && <DeskCard />}
      {asked.error && <ErrorBox error={asked.error} again={() => void asked.refetch()} onDay={pick} />}
      {asked.isPending && <Waiting rows={9} height={64} />}
      {data && !asked.error && (
        <div className={asked.isPlaceholderData ? 'fading' : ''}>
          {data.leaders.length ? (
            <>
              <div className="morning">
                {data.best.length > 0 && <BestOverall best={data.best} />}
                <Movers
                  domains={domains ?? []}
                  on={on}
                  board={movers}
                  onBoard={(slug) => void navigate({ search: (now) => ({ ...now, movers: slug }), replace: true })}
                />
              </div>
              <BoardLeaders leaders={data.leaders.filter(({ slug }) => slug !== 'boxes')} on={on} />
            </>
          ) : (
            <Nothing on={on} boxes={boxes} />
          )}
        </div>
      )}
      {!on && <BoxLeaders />}
    </>
  );
}

function Nothing({ on, boxes }: { on: string | undefined; boxes: number }) {
  if (on) {
    return (
      <Empty title={`No ranks of ${longDate(on)}`}>
        <p>Nothing is published for that day: the exchange was closed, or it was never ranked.</p>
        <p><code>pacesetter cycle --on {on}</code> ranks it, if the exchange was open.</p>
      </Empty>
    );
  }
  return (
    <Empty title={boxes ? 'No prices are stored or ranked yet; boxes are here' : 'Nothing is ranked yet'}>
      {boxes > 0 && (
        <p>
          <Link to="/boxes">{counted(boxes, 'sealed box', 'sealed boxes')}</Link> {boxes === 1 ? 'is' : 'are'} ranked, and shown below. <Link to="/domains">Boards of your own</Link> can rank them by any figure.
        </p>
      )}
      <p>{boxes ? 'The other boards need' : 'Pacesetter needs'} prices, and one cycle over them.</p>
      <ol>
        <li><code>pacesetter import prices FILE</code> takes CSV or Parquet files.</li>
        <li><code>pacesetter cycle</code> ranks all boards.</li>
      </ol>
      <p>Or <code>pacesetter up</code> fetches prices by itself where it can.</p>
    </Empty>
  );
}
