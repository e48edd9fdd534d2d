import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type Domain, domainsQuery } from '@/api/queries';
import { counted } from '@/lib/format';
import { useLinkKeys } from '@/lib/keys';
import { RightNote } from '@/ui/rights';
import { Empty, ErrorBox, Waiting } from '@/ui/states';
import { useTitle } from '@/ui/use-title';
import { EditBoard } from './edit-board';
import { NewBoard } from './new-board';

const route = getRouteApi('/domains');

/** Every board with its kind and members; one's own can be made, changed and taken away. */
export function DomainsPage() {
  const { edit } = route.useSearch();
  const asked = useQuery(domainsQuery);
  useTitle('Boards of your own');
  useLinkKeys();
  const boards = asked.data?.domains;
  const chosen = boards?.find((one) => one.slug === edit);

  return (
    <>
      <div className="page-head">
        <div>
          <h1>Boards of your own</h1>
          <p className="lead">A board is a list of symbols, or a rule that picks them. The next cycle ranks what you make here.</p>
        </div>
        {edit !== 'new' && <Link to="/domains" search={{ edit: 'new' }} className="button">New board</Link>}
      </div>
      <RightNote right="write" what="You can look and try here, not save." />
      {edit === 'new' && <NewBoard />}
      {chosen && <EditBoard key={chosen.slug} board={chosen} />}
      {boards && edit && edit !== 'new' && !chosen && (
        <Empty title="There is no such board"><p>It may have been removed. <Link to="/domains">All boards</Link></p></Empty>
      )}
      {asked.error && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {asked.isPending && <Waiting rows={8} height={44} />}
      {boards && !edit && <BoardList boards={boards} />}
    </>
  );
}

const KINDS: Record<string, [string, string]> = {
  curated: ['shipped', 'Comes with Pacesetter'],
  custom: ['your own', 'Made here'],
  universe: ['everything', 'Every symbol of its kind'],
  sector: ['by sector', 'Follows the sector'],
  measure: ['measure', 'Used for measuring'],
};

function BoardList({ boards }: { boards: Domain[] }) {
  const own = boards.filter((one) => one.kind !== 'curated');
  return (
    <>
      {own.length === 0 && (
        <section className="card hint">
          <h2>None of your own yet</h2>
          <p>Paste the tickers of a watchlist, of a portfolio or of an index, and see them ranked against each other and against everything else. <Link to="/domains" search={{ edit: 'new' }}>Make the first</Link></p>
        </section>
      )}
      <div className="card table-card">
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Board</th>
              <th scope="col" className="phone-gone">Kind</th>
              <th scope="col" className="number">Members</th>
              <th scope="col" className="desk-only">Who</th>
              <th scope="col" className="desk-only">Method</th>
              <th scope="col"><span className="hidden">Change</span></th>
            </tr>
          </thead>
          <tbody>
            {[...own, ...boards.filter((one) => one.kind === 'curated')].map((board) => {
              const [kind, said] = KINDS[board.kind] ?? [board.kind, ''];
              const badge = <span className={`badge quiet ${board.kind === 'custom' ? 'own' : ''}`} title={said}>{kind}</span>;
              return (
                <tr key={board.slug}>
                  <th scope="row">
                    <Link to="/boards/$board" params={{ board: board.slug }} data-row={board.slug}>{board.name}</Link>{' '}
                    <span className="phone-only">{badge}</span>
                    {board.description && <span className="note block phone-gone">{board.description}</span>}
                  </th>
                  <td className="phone-gone">{badge}</td>
                  <td className="number">{board.members.length}</td>
                  <td className="desk-only note">
                    {board.rule ? <>rule: <code>{board.rule}</code></> : few(board.members)}
                  </td>
                  <td className="desk-only note">{board.method}</td>
                  <td className="number">
                    <Link to="/domains" search={{ edit: board.slug }} aria-label={`Change ${board.name}`}>Change</Link>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}

function few(members: string[]): string {
  const shown = members.slice(0, 6).join(', ');
  return members.length > 6 ? `${shown} and ${counted(members.length - 6, 'other')}` : shown;
}
