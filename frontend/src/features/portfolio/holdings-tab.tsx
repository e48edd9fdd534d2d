import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { type Position, positionsQuery, type Snapshot } from '@/api/portfolios';
import { download, toCsv } from '@/lib/csv';
import { counted } from '@/lib/format';
import { readSort, writeSort } from '@/lib/sorting';
import { Empty, ErrorBox, Waiting } from '@/ui/states';
import { ClosedPositions } from './closed-positions';
import { type Beside, COLUMNS, type Column, holdingCells, sortRows } from './holding-columns';
import { StopDialog } from './stop-dialog';

const route = getRouteApi('/portfolios/$portfolio');
const USUAL = '-value';

/** What is held, with stops and targets that can be set, and what was held. */
export function HoldingsTab({ id, of }: { id: string; of: Snapshot }) {
  const { sort } = route.useSearch();
  const navigate = route.useNavigate();
  const asked = useQuery(positionsQuery(id));
  const [edited, setEdited] = useState<string>();
  const sorting = useMemo(() => readSort(sort ?? USUAL, COLUMNS.map((column) => column.id), 'value'), [sort]);
  const open = useMemo(() => asked.data?.rows.filter((row) => row.status === 'open') ?? [], [asked.data]);
  const rows = useMemo(() => sortRows(open, sorting.id, sorting.desc), [open, sorting]);
  const closed = asked.data?.rows.filter((row) => row.status === 'closed') ?? [];
  const editing = asked.data?.rows.find((row) => row.id === edited);
  const order = (next: { id: string; desc: boolean }): void => {
    const text = next.id === 'value' && next.desc ? undefined : (writeSort(next, 'none') ?? next.id);
    void navigate({ search: (now) => ({ ...now, sort: text }), replace: true, resetScroll: false });
  };
  if (asked.error) return <ErrorBox error={asked.error} again={() => void asked.refetch()} />;
  if (asked.isPending) return <Waiting rows={8} height={48} />;
  if (open.length + closed.length === 0) {
    return (
      <Empty title="No holding">
        <p>Nothing was bought yet. <Link from="/portfolios/$portfolio" to="." search={{ tab: 'imports' }}>Import a file</Link>, or{' '}
          <Link from="/portfolios/$portfolio" to="." search={{ tab: 'trades' }}>enter a trade</Link>.</p>
      </Empty>
    );
  }
  const save = (): void => {
    const { head, cells } = holdingCells([...rows, ...closed]);
    download(`${of.name}-holdings-${of.metric_date ?? 'none'}.csv`, toCsv(head, cells));
  };
  return (
    <>
      <div className="toolbar" role="toolbar" aria-label="What the table shows">
        <span className="count" role="status">{counted(open.length, 'holding')}{closed.length > 0 && `, ${closed.length} closed`}</span>
        <Button variant="default" size="sm" onClick={save}><span className="desk-only">Download&nbsp;</span>CSV</Button>
      </div>
      {rows.length > 0 && <Holdings rows={rows} sorting={sorting} onSort={order} currency={of.base_currency} on={of.metric_date} onEdit={(row) => setEdited(row.id)} />}
      {closed.length > 0 && <ClosedPositions rows={closed} />}
      {editing && <StopDialog key={editing.id} id={id} row={editing} onClose={() => setEdited(undefined)} />}
    </>
  );
}

interface Props extends Beside {
  rows: Position[];
  sorting: { id: string; desc: boolean };
  onSort: (sorting: { id: string; desc: boolean }) => void;
}

function Holdings({ rows, sorting, onSort, ...beside }: Props) {
  return (
    // A region that may scroll is reached by the keyboard too.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="card table-card" role="region" aria-label="Holdings" tabIndex={0}>
      <table className="plain-table holdings">
        <caption className="hidden">Holdings, the largest first unless sorted otherwise</caption>
        <thead>
          <tr>{COLUMNS.map((column) => <Head key={column.id} column={column} sorting={sorting} onSort={onSort} />)}</tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} className={row.left_out ? 'apart' : ''}>
              {COLUMNS.map((column, i) =>
                i === 0 ? (
                  <th key={column.id} scope="row">{column.cell(row, beside)}</th>
                ) : (
                  <td key={column.id} className={classes(column)}>{column.cell(row, beside)}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const classes = (column: Column): string => [column.number && 'number', column.hide].filter(Boolean).join(' ');

function Head({ column, sorting, onSort }: { column: Column; sorting: Props['sorting']; onSort: Props['onSort'] }) {
  const active = sorting.id === column.id;
  const next = active ? { id: column.id, desc: !sorting.desc } : { id: column.id, desc: column.desc ?? false };
  return (
    <th scope="col" className={classes(column)} aria-sort={active ? (sorting.desc ? 'descending' : 'ascending') : undefined}>
      <button type="button" className="sort" onClick={() => onSort(next)}>
        {column.label}
        <span aria-hidden="true">{active ? (sorting.desc ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </th>
  );
}
