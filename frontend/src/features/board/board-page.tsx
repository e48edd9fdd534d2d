import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type Board, boardQuery, domainsQuery, readyQuery } from '@/api/queries';
import { download } from '@/lib/csv';
import { counted, longDate, scope, shortDate, words } from '@/lib/format';
import { SessionPicker } from '@/ui/session-picker';
import { Empty, ErrorBox, Waiting } from '@/ui/states';
import { useTitle } from '@/ui/use-title';
import { boardCsv } from './board-file';
import { BoardTable, useSortedRows } from './board-table';
import { boardColumns, shownColumns } from './columns';
import { type BoardSearch, readSort, writeSort } from './search';
import { Toolbar } from './toolbar';

const route = getRouteApi('/boards/$board');

/** One board on one session. */
export function BoardPage() {
  const { board: slug } = route.useParams();
  const { on, method } = route.useSearch();
  const asked = useQuery(boardQuery(slug, on, method));
  const about = useQuery(domainsQuery).data?.domains.find((domain) => domain.slug === slug);
  const newest = useQuery(readyQuery).data?.as_of;
  const navigate = route.useNavigate();
  useTitle(asked.data?.board ?? about?.name ?? slug);

  return (
    <>
      <div className="page-head">
        <div>
          <h1>{asked.data?.board ?? about?.name ?? slug}</h1>
          {about?.description && <p className="lead">{about.description}</p>}
          {asked.data?.as_of && <Facts board={asked.data} />}
        </div>
        <SessionPicker
          value={on ?? asked.data?.as_of}
          newest={newest}
          onPick={(day) => void navigate({ search: (now) => ({ ...now, on: day }) })}
        />
      </div>
      {asked.error && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {asked.isPending && <Waiting rows={8} height={52} />}
      {asked.data && !asked.error && <Rows board={asked.data} fading={asked.isPlaceholderData} />}
    </>
  );
}

function Facts({ board }: { board: Board }) {
  return (
    <p className="facts">
      {board.as_of && <span>Ranks of <b>{longDate(board.as_of)}</b></span>}
      {board.previous_on && <span>changes since {shortDate(board.previous_on)}</span>}
      <span>method {board.method} v{board.method_version}</span>
      <span>compared with {scope(board.scope)}</span>
      {board.origin !== 'published' && <span className="badge">computed for this page, not published</span>}
      {board.provisional && <span className="badge">provisional: prices are not final yet</span>}
    </p>
  );
}

function Rows({ board, fading }: { board: Board; fading: boolean }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const phone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const columns = useMemo(() => boardColumns(board), [board]);
  const shown = shownColumns(columns, search.cols, phone);
  const sorting = useMemo(() => readSort(search.sort, columns.map(({ id }) => id)), [search.sort, columns]);
  const rows = useMemo(() => filterRows(board, search.q), [board, search.q]);
  const sorted = useSortedRows(rows, columns, sorting);
  const set = (change: Partial<BoardSearch>): void =>
    void navigate({ search: (now) => ({ ...now, ...change }), replace: true });

  if (!board.rows.length) {
    return <Empty title="No members"><p>This board has no members on this session.</p></Empty>;
  }
  const names = Object.keys(board.rows.find((row) => row.rank != null)?.factors ?? {});
  return (
    <div className={fading ? 'fading' : ''}>
      <Toolbar
        q={search.q}
        columns={columns}
        shown={shown}
        onFilter={(q) => set({ q })}
        onColumns={(cols) => set({ cols: cols?.join(',') })}
        onDownload={() => download(`${board.slug}-${board.as_of}.csv`, boardCsv(sorted, columns))}
      >
        <span className="count" role="status">
          {search.q ? `${rows.length} of ${counted(board.rows.length, 'row')}` : counted(board.rows.length, 'row')}
        </span>
      </Toolbar>
      {rows.length ? (
        <BoardTable
          rows={rows}
          columns={columns}
          shown={shown}
          sorting={sorting}
          onSort={(next) => set({ sort: writeSort(next) })}
          phone={phone}
          caption={`${board.board}, best first unless sorted otherwise`}
        />
      ) : (
        <Empty title="No row fits the filter"><p>Nothing here has “{search.q}” in its symbol or name.</p></Empty>
      )}
      <Legend names={names} tied={board.rows.some((row) => row.interval?.tied_with_next)} />
    </div>
  );
}

function filterRows(board: Board, q: string | undefined): Board['rows'] {
  const sought = q?.toLocaleLowerCase() ?? '';
  if (!sought) return board.rows;
  return board.rows.filter((row) => `${row.symbol} ${row.name ?? ''}`.toLocaleLowerCase().includes(sought));
}

function Legend({ names, tied }: { names: string[]; tied: boolean }) {
  return (
    <div className="legend">
      {names.length > 0 && (
        <p>
          “Why”, from left to right: {names.map(words).join(', ')}. Above the line a factor lifts the rank, below it lowers it;
          dashed, it is missing. Press one for the figures.
        </p>
      )}
      {tied && <p>≈ statistically tied: in over a quarter of the redrawn years the next one is ahead.</p>}
    </div>
  );
}
