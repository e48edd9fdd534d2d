import { useState } from 'react';
import type { HistoryRow } from '@/api/queries';
import { decimals, shortDate } from '@/lib/format';
import { RankChange } from '@/ui/rank-change';

const STEP = 30;

/** The chart as a table, newest first, a stretch at a time. */
export function HistoryTable({ rows, board }: { rows: HistoryRow[]; board: string }) {
  const [count, setCount] = useState(STEP);
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Every session as a table</summary>
      {open && (
        <table className="history">
          <caption className="hidden">Published ranks on {board}</caption>
          <thead>
            <tr>
              <th scope="col">Session</th>
              <th scope="col" className="number">Rank</th>
              <th scope="col">Change</th>
              <th scope="col" className="number">Score</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, count).map((row) => (
              <tr key={row.date}>
                <th scope="row">{shortDate(row.date)}</th>
                <td className="number">{row.rank ?? '–'}</td>
                <td>
                  {row.rank == null ? (
                    <span className="note">{row.unranked_because}</span>
                  ) : (
                    <RankChange rank={row.rank} change={row.rank_change} since={row.previous_on} />
                  )}
                </td>
                <td className="number">{decimals(row.score)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {open && count < rows.length && (
        <button type="button" className="plain" onClick={() => setCount(count + STEP * 4)}>
          Show more of {rows.length}
        </button>
      )}
    </details>
  );
}
