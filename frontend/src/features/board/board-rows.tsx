import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import type { Board } from '@/api/queries';
import { sectorsQuery } from '@/api/symbols';
import { download } from '@/lib/csv';
import { counted, words } from '@/lib/format';
import { readSort, writeSort } from '@/lib/sorting';
import { Empty } from '@/ui/states';
import { shownColumns, useSortedRows } from '@/ui/table-columns';
import { boardCsv } from './board-file';
import { BoardTable } from './board-table';
import { boardColumns } from './columns';
import { filterRows } from './filters';
import { measureColumns, measureTitle, onlyMeasure } from './measure-columns';
import type { BoardSearch } from './search';
import { Toolbar } from './toolbar';

const route = getRouteApi('/boards/$board');
const NONE: ReadonlySet<string> = new Set();

interface Props {
  board: Board;
  /** Rows are still to come. */
  growing: boolean;
  fading: boolean;
}

/** The rows of a board as the address says: filtered, sorted, in the columns chosen. */
export function BoardRows({ board, growing, fading }: Props) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const phone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const measure = useMemo(() => onlyMeasure(board), [board]);
  const columns = useMemo(() => (measure ? measureColumns(boardColumns(board), measure) : boardColumns(board)), [board, measure]);
  const shown = shownColumns(columns, search.cols, phone);
  const sorting = useMemo(() => readSort(search.sort, columns.map(({ id }) => id), 'rank'), [search.sort, columns]);
  const sectors = useQuery({ ...sectorsQuery, enabled: search.sector !== undefined }).data;
  const { q, only, sector, min, max } = search;
  const rows = useMemo(
    () => filterRows(board.rows, { q, only, sector, min, max }, sectors),
    [board.rows, q, only, sector, min, max, sectors],
  );
  const sorted = useSortedRows(rows, columns, sorting);
  const symbols = useMemo(() => board.rows.map((row) => row.symbol), [board.rows]);
  const [picked, setPicked] = useState(NONE);
  const pick = useCallback((symbol: string, on: boolean) => {
    setPicked((before) => new Set(on ? [...before, symbol] : [...before].filter((one) => one !== symbol)));
  }, []);
  const set = (change: Partial<BoardSearch>): void =>
    void navigate({ search: (now) => ({ ...now, ...change }), replace: true });

  if (!board.rows.length) {
    return <Empty title="No members"><p>This board has no members on this session.</p></Empty>;
  }
  const names = Object.keys(board.rows.find((row) => row.rank != null)?.factors ?? {});
  return (
    <div className={fading ? 'fading' : ''}>
      <Toolbar
        board={board.slug}
        filters={search}
        symbols={symbols}
        columns={columns}
        shown={shown}
        comparable={!measure}
        compared={picked.size ? [...picked] : sorted.slice(0, 4).map((row) => row.symbol)}
        picked={picked.size}
        onFilter={set}
        onColumns={(cols) => set({ cols: cols?.join(',') })}
        onDownload={growing ? undefined : () => download(`${board.slug}-${board.as_of}.csv`, boardCsv(sorted, columns))}
      >
        <Count shown={rows.length} here={board.rows.length} all={board.count} growing={growing} />
      </Toolbar>
      {rows.length ? (
        <BoardTable
          board={board.slug}
          on={board.as_of}
          rows={sorted}
          columns={columns}
          shown={shown}
          sorting={sorting}
          onSort={(next) => set({ sort: writeSort(next, 'rank') })}
          picked={picked}
          onPick={pick}
          phone={phone}
          caption={`${board.board}, best first unless sorted otherwise`}
        />
      ) : (
        <Empty title={growing ? 'No row so far' : 'No row fits the filters'}>
          <p>{growing ? 'Rows are still coming.' : 'Take one of the filters away to see more of the board.'}</p>
        </Empty>
      )}
      {measure ? <p className="legend">Ranked by one figure: {measureTitle(measure)}. All that is known of a box is on its page.</p> : <Legend names={names} tied={board.rows.some((row) => row.interval?.tied_with_next)} />}
    </div>
  );
}

/** How many rows are shown, of how many; and that some are still to come. */
function Count({ shown, here, all, growing }: { shown: number; here: number; all: number; growing: boolean }) {
  const of = Math.max(all, here);
  return (
    <span className="count" role="status">
      {shown === of ? counted(of, 'row') : `${shown.toLocaleString('en-GB')} of ${counted(of, 'row')}`}
      {growing && here < of && ', more are coming…'}
    </span>
  );
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
