import type { ReactNode, RefObject } from 'react';
import type { Sorting } from '@/lib/sorting';
import { notePress, openRow } from './row-press';
import type { InSight } from './rows-in-sight';
import type { TableColumn } from './table-columns';

type Headed = Omit<TableColumn<never>, 'from' | 'by'> & { by?: unknown };

interface Props {
  /** What scrolls. */
  box: RefObject<HTMLDivElement | null>;
  sight: InSight;
  count: number;
  visible: Headed[];
  sorting: Sorting;
  onSort: (sorting: Sorting) => void;
  caption: string;
  phone: boolean;
  /** Draws the row at a place. */
  row: (place: number) => ReactNode;
}

/** A table of any number of rows; only those in sight are in the page. */
export function VirtualTable({ box, sight, count, visible, sorting, onSort, caption, phone, row }: Props) {
  const width = (column: Headed): number => (phone ? (column.narrow ?? column.width) : column.width);
  const minWidth = visible.reduce((sum, column) => sum + (width(column) || (phone ? 96 : 150)), 0);
  return (
    // A region that scrolls is reached by the keyboard too.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div ref={box} className="table-box" role="region" aria-label={caption} tabIndex={0}>
      <table className="board" aria-rowcount={count + 1} style={{ minWidth }}>
        <caption className="hidden">{caption}</caption>
        <colgroup>
          {visible.map((column) => (
            <col key={column.id} style={width(column) ? { width: width(column) } : {}} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {visible.map((column) => (
              <Head key={column.id} column={column} sorting={sorting} onSort={onSort} />
            ))}
          </tr>
        </thead>
        {/* The keyboard opens a row by the link in it. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events */}
        <tbody onPointerDown={notePress} onClick={openRow}>
          <Gap height={sight.above} />
          {sight.places.map(row)}
          <Gap height={sight.below} />
        </tbody>
      </table>
    </div>
  );
}

/** The place of the rows that are not drawn. */
function Gap({ height }: { height: number }) {
  return height > 0 ? <tr aria-hidden="true" className="gap" style={{ height }}><td /></tr> : null;
}

function Head({ column, sorting, onSort }: { column: Headed; sorting: Sorting; onSort: (sorting: Sorting) => void }) {
  const active = sorting.id === column.id;
  const next = active ? { id: column.id, desc: !sorting.desc } : { id: column.id, desc: column.desc ?? false };
  const order = active ? (sorting.desc ? 'descending' : 'ascending') : undefined;
  return (
    <th scope="col" aria-sort={order} className={column.number ? 'number' : ''}>
      {column.by ? (
        <button type="button" className="sort" onClick={() => onSort(next)}>
          {column.label}
          <span aria-hidden="true">{active ? (sorting.desc ? ' ↓' : ' ↑') : ''}</span>
        </button>
      ) : (
        (column.head ?? column.label)
      )}
    </th>
  );
}
