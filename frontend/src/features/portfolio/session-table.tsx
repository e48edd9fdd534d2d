import { useState } from 'react';
import type { Session } from '@/api/portfolios';
import { change, decimals, shortDate } from '@/lib/format';
import { money, signedMoney } from '@/lib/money';

const STEP = 30;

/** The chart as a table, newest first, a stretch at a time. */
export function SessionTable({ rows, currency, benchmark }: { rows: Session[]; currency: string; benchmark: string }) {
  const [count, setCount] = useState(STEP);
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Every session as a table</summary>
      {open && (
        // A region that may scroll is reached by the keyboard too.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className="wide" role="region" aria-label="Every session" tabIndex={0}>
          <table className="history">
            <thead>
              <tr>
                <th scope="col">Session</th>
                <th scope="col" className="number">Value</th>
                <th scope="col" className="number">Paid in or out</th>
                <th scope="col" className="number">Day</th>
                <th scope="col" className="number" title="What one unit became since the first trade">Index</th>
                <th scope="col" className="number">{benchmark}</th>
                <th scope="col" className="number">Drawdown</th>
              </tr>
            </thead>
            <tbody>
              {[...rows].reverse().slice(0, count).map((row) => (
                <tr key={row.date}>
                  <th scope="row" className="nowrap">{shortDate(row.date)}</th>
                  <td className="number">{money(row.nav, currency)}</td>
                  <td className="number">{row.flow === 0 ? '–' : signedMoney(row.flow, currency)}</td>
                  <td className="number">{change(row.daily_return)}</td>
                  <td className="number">{decimals(row.twr_index, 4)}</td>
                  <td className="number">{decimals(row.benchmark_index, 4)}</td>
                  <td className="number">{change(row.drawdown)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {open && count < rows.length && (
        <button type="button" className="plain" onClick={() => setCount(count + STEP * 4)}>Show more of {rows.length}</button>
      )}
    </details>
  );
}
