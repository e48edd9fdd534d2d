import { useInfiniteQuery } from '@tanstack/react-query';
import { type BoxRecord, boxRecordsQuery } from '@/api/boxes';
import { grouped, instantInFull, shortDate } from '@/lib/format';
import { money } from '@/lib/money';
import { ErrorBox, Waiting } from '@/ui/states';

/** What each source said of each day, also what no longer holds. */
export function RecordsSection({ symbol }: { symbol: string }) {
  const asked = useInfiniteQuery(boxRecordsQuery(symbol));
  const rows = asked.data?.pages.flatMap((page) => page.rows) ?? [];
  const first = asked.data?.pages[0];
  return (
    <section className="card" aria-labelledby="records">
      <h2 id="records">Observations {first && <span className="note">{first.count.toLocaleString('en-GB')} in all, newest day first</span>}</h2>
      {asked.error && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {asked.isPending && <Waiting rows={6} height={34} />}
      {rows.length > 0 && (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls is reached by the keyboard too
        <div className="wide" role="region" aria-label="Observations" tabIndex={0}>
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">Day</th>
                <th scope="col">Source</th>
                <th scope="col" className="number">Floor</th>
                <th scope="col" className="number">Listings</th>
                <th scope="col" className="number">Sold</th>
                <th scope="col" className="number">Added</th>
                <th scope="col">Holds</th>
              </tr>
            </thead>
            <tbody>{rows.map((row) => <Row key={`${row.date} ${row.source} ${row.recorded_at}`} row={row} />)}</tbody>
          </table>
        </div>
      )}
      {asked.hasNextPage && (
        <button type="button" className="plain" disabled={asked.isFetching} onClick={() => void asked.fetchNextPage()}>Show more of {first?.count}</button>
      )}
      {first && first.edits.length > 0 && (
        <details>
          <summary>Facts that people gave</summary>
          <ul className="notes">
            {first.edits.map((one) => (
              <li key={one.import_id}>
                {instantInFull(one.at)}, {one.by}: {Object.entries(one.after).map(([name, value]) => `${name.replaceAll('_', ' ')} ${typeof value === 'string' ? `“${value}”` : 'cleared'}`).join(', ')}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

const count = (value: number | null): string => grouped(value, value == null || Number.isInteger(value) ? 0 : 1);

function Row({ row }: { row: BoxRecord }) {
  return (
    <tr className={row.current ? '' : 'replaced'}>
      <th scope="row" className="nowrap">{shortDate(row.date)}</th>
      <td>
        {row.source === 'manual' ? `by hand${row.by ? `, ${row.by}` : ''}` : row.source}
        {row.note && <span className="note block">“{row.note}”</span>}
      </td>
      <td className="number">{money(row.floor_price_usd, 'USD')}</td>
      <td className="number">{count(row.active_listings_count)}</td>
      <td className="number">{count(row.boxes_sold)}</td>
      <td className="number">{count(row.boxes_added)}</td>
      <td>{row.current ? 'yes' : <span className="note">no, {row.replaced_cause === 'undo' ? 'taken back' : 'replaced'}{row.replaced_at && ` ${instantInFull(row.replaced_at)}`}</span>}</td>
    </tr>
  );
}
