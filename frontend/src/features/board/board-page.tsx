import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useBoard } from '@/api/boards';
import { type Board, domainsQuery, readyQuery } from '@/api/queries';
import { longDate, shortDate } from '@/lib/format';
import { SessionPicker } from '@/ui/session-picker';
import { ErrorBox, Remarks, Waiting } from '@/ui/states';
import { useTitle } from '@/ui/use-title';
import { BoardRows } from './board-rows';

const route = getRouteApi('/boards/$board');

/** One board on one session. */
export function BoardPage() {
  const { board: slug } = route.useParams();
  const { on, method } = route.useSearch();
  const { board, growing, fading, isPending, error, again } = useBoard(slug, on, method);
  const about = useQuery(domainsQuery).data?.domains.find((domain) => domain.slug === slug);
  const ready = useQuery(readyQuery).data?.as_of;
  const newest = about?.asset_type === 'sealed_box' ? (on ? undefined : board?.as_of) : ready; // boxes have days of their own
  const navigate = route.useNavigate();
  const pick = (day: string | undefined): void => void navigate({ search: (now) => ({ ...now, on: day }) });
  useTitle(board?.board ?? about?.name ?? slug);

  return (
    <>
      <div className="page-head">
        <div>
          <h1>{board?.board ?? about?.name ?? slug}</h1>
          {about?.description && <p className="lead">{about.description}</p>}
          {board?.as_of && <Facts board={board} />}
        </div>
        <SessionPicker
          value={on ?? board?.as_of}
          newest={newest}
          onPick={pick}
        />
      </div>
      {error && <ErrorBox error={error} again={again} onDay={pick} />}
      {board && !error && <Remarks remarks={board.remarks} />}
      {isPending && <Waiting rows={12} height={36} />}
      {board && !error && <BoardRows key={slug} board={board} growing={growing} fading={fading} />}
    </>
  );
}

function Facts({ board }: { board: Board }) {
  return (
    <p className="facts">
      {board.as_of && <span>Ranks of <b>{longDate(board.as_of)}</b></span>}
      {board.previous_on && <span>changes since {shortDate(board.previous_on)}</span>}
      <span>method {board.method} v{board.method_version}</span>
      <span>compared with {board.scope_words}</span>
      {board.origin !== 'published' && <span className="badge">computed for this page, not published</span>}
      {board.provisional && <span className="badge">provisional: prices are not final yet</span>}
    </p>
  );
}
