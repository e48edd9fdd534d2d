import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type Watch, watchlistQuery } from '@/api/watchlist';
import { counted } from '@/lib/format';
import { FilterBox } from '@/ui/filter-box';
import { Empty, ErrorBox, Waiting } from '@/ui/states';
import { DeskFrame } from './desk-frame';
import { WatchCard } from './watch-card';
import { WatchForm } from './watch-form';

const route = getRouteApi('/desk/watchlist');
const PAGE = 30;
const RANK: Record<string, number> = { fired: 0, armed: 1, invalid: 2, expired: 3 };

/** What is waited for: entries that fired first. */
export function WatchlistPage() {
  const { open, symbol } = route.useSearch();
  const asked = useQuery(watchlistQuery());
  const rows = asked.data?.rows ?? [];
  return (
    <DeskFrame
      title="Watchlist"
      lead={<p>Conditions that are checked each night. When one holds it fires, and the report says so.</p>}
      tools={
        <Link from="/desk/watchlist" to="." search={open === 'new' ? {} : { open: 'new' }} replace resetScroll={false} className={open === 'new' ? 'link-button on' : 'button'}>
          {open === 'new' ? 'Close the form' : 'Watch something…'}
        </Link>
      }
    >
      {open === 'new' && <WatchForm key={symbol ?? ''} symbol={symbol} />}
      {asked.error && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {asked.isPending && <Waiting rows={4} height={110} />}
      {asked.data && !asked.error && rows.length === 0 && open !== 'new' && (
        <Empty title="Nothing is watched for">
          <p>
            Say of a symbol what you wait for, such as <code>price.close &lt; 180 and rank.rank &lt;= 20</code>. Before it is saved you see how
            often it would have fired in the last year.
          </p>
          <p className="buttons"><Link to="/desk/watchlist" search={{ open: 'new' }} className="button">Watch something</Link></p>
        </Empty>
      )}
      {rows.length > 0 && <Entries rows={rows} open={open} />}
    </DeskFrame>
  );
}

function Entries({ rows, open }: { rows: Watch[]; open: string | undefined }) {
  const [q, setQ] = useState<string>();
  const [most, setMost] = useState(PAGE);
  const found = rows
    .filter((row) => !q || [row.symbol, row.name ?? '', row.words, row.thesis ?? '', row.status].some((text) => text.toLowerCase().includes(q.toLowerCase())))
    .sort((a, b) => (RANK[a.status] ?? 9) - (RANK[b.status] ?? 9) || (a.symbol < b.symbol ? -1 : 1));
  return (
    <>
      <div className="toolbar">
        <FilterBox q={q} onFilter={setQ} what="symbol, name or words" />
        <span className="count" role="status">{q ? `${found.length} of ${rows.length} entries` : counted(rows.length, 'entry', 'entries')}</span>
      </div>
      <ul className="watch-list">
        {found.slice(0, most).map((row) => <WatchCard key={row.id} row={row} open={open === row.id} />)}
      </ul>
      {found.length > most && <button type="button" className="plain" onClick={() => setMost(most + PAGE)}>Show more of {found.length}</button>}
    </>
  );
}
