import { Button } from '@mantine/core';
import { useMemo } from 'react';
import { type Boxes, type BoxesAsked, fetchBoxes } from '@/api/boxes';
import { useChange } from '@/api/change';
import { useMay } from '@/api/session';
import { BOX_MEASURES, orderOf } from '@/lib/box-measures';
import { download } from '@/lib/csv';
import { longDate } from '@/lib/format';
import type { Sorting } from '@/lib/sorting';
import { FilterBox } from '@/ui/filter-box';
import { Empty, ErrorBox } from '@/ui/states';
import { BoxTable } from './box-table';
import { boxesCsv } from './columns';
import type { BoxesSearch } from './search';
import { writeBoxSort } from './sorting';

interface Props {
  pages: Boxes[];
  question: BoxesAsked;
  sorting: Sorting;
  search: BoxesSearch;
  phone: boolean;
  fading: boolean;
  onMore: (() => void) | undefined;
  onChange: (change: Partial<BoxesSearch>) => void;
}

/** The leaderboard as the address says. */
export function BoxRows({ pages, question, sorting, search: { on, game, q }, phone, fading, onMore, onChange }: Props) {
  const mayName = useMay('write').may;
  const file = useChange(fetchBoxes, []);
  const rows = useMemo(() => pages.flatMap((page) => page.rows), [pages]);
  const reasons = useMemo(() => Object.assign({}, ...pages.map((page) => page.words)) as Record<string, string>, [pages]);
  const first = pages[0];
  const sort = (next: Sorting): void => onChange({ sort: writeBoxSort(next) });
  const day = first?.as_of ?? null;
  const count = first?.count ?? 0;
  const save = (): void => file.mutate(question, { onSuccess: (all) => download(`boxes-${day}.csv`, boxesCsv(all, day)) });
  return (
    <div className={`box-board${fading ? ' fading' : ''}`}>
      <div className="toolbar" role="toolbar" aria-label="What the table shows">
        <FilterBox q={q} onFilter={(text) => onChange({ q: text?.slice(0, 40) })} what="name, set or symbol" />
        <span className="picker">
          <label>
            <span className="hidden">Game </span>
            <select value={game ?? ''} onChange={(event) => onChange({ game: event.currentTarget.value || undefined })}>
              <option value="">All games</option>
              {first?.games.map((one) => <option key={one}>{one}</option>)}
            </select>
          </label>
        </span>
        <span className="picker">
          <label>
            Sort by{' '}
            <select value={sorting.id} onChange={({ currentTarget: { value: id } }) => sort({ id, desc: orderOf(id, false) === 'desc' })}>
              <option value="rank">Rank</option>
              {BOX_MEASURES.map(({ id, label, unit }) => <option key={id} value={id}>{unit === '%' ? `Floor price, ${label}` : label}</option>)}
            </select>
          </label>
          <button type="button" className="icon" aria-label={`${sorting.desc ? 'Largest' : 'Smallest'} first: turn round`} title={`${sorting.desc ? 'Largest' : 'Smallest'} first`} onClick={() => sort({ ...sorting, desc: !sorting.desc })}>
            {sorting.desc ? '↓' : '↑'}
          </button>
        </span>
        <span className="count" role="status">{inWords(count, first?.observed ?? count)}</span>
        <Button variant="default" size="sm" loading={file.isPending} onClick={save} aria-label="Download CSV">CSV</Button>
      </div>
      {file.error && <ErrorBox error={file.error} />}
      {rows.length ? (
        <BoxTable
          rows={rows}
          count={count}
          day={day}
          sorting={sorting}
          onSort={sort}
          beside={{ phone, on, since: first?.previous_on ?? null, mayName, reasons }}
          caption={`Boxes on ${day ? longDate(day) : 'no day'}`}
          onMore={onMore}
        />
      ) : (
        <Empty title="No box fits">
          <p>None that was observed on this day is called so{game ? ` and is of ${game}` : ''}.</p>
        </Empty>
      )}
      <p className="legend">
        Ranked by the volume of a day, smoothed over seven days (EMA): what is sold counts, at the floor price. Changes of price are measured
        from the newest day before with a price; the date is under the pointer. Days on which nobody looked are not filled in.
      </p>
    </div>
  );
}

/** `18 boxes`, `3 of 18 boxes`. */
export function inWords(count: number, of: number): string {
  const all = `${of.toLocaleString('en-GB')} ${of === 1 ? 'box' : 'boxes'}`;
  return count === of ? all : `${count.toLocaleString('en-GB')} of ${all}`;
}
