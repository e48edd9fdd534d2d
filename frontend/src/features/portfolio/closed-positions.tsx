import { Link } from '@tanstack/react-router';
import type { Position } from '@/api/portfolios';
import { counted, shortDate } from '@/lib/format';
import { exactPrice } from '@/lib/money';
import { Gain } from '@/ui/gain';

/** What was held, and what it brought. */
export function ClosedPositions({ rows }: { rows: Position[] }) {
  const newest = [...rows].sort((a, b) => (b.exit_date ?? '').localeCompare(a.exit_date ?? ''));
  return (
    <details className="card closed">
      <summary>{counted(rows.length, 'closed position')}</summary>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls is reached by the keyboard too */}
      <div className="wide" role="region" aria-label="Closed positions" tabIndex={0}>
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Position</th>
              <th scope="col" className="number">Entry</th>
              <th scope="col" className="number">Exit</th>
              <th scope="col" className="number">Profit</th>
            </tr>
          </thead>
          <tbody>
            {newest.map((row) => (
              <tr key={row.id}>
                <th scope="row">
                  <Link to="/symbols/$ticker" params={{ ticker: row.symbol }}>{row.symbol}</Link>
                  {row.side === 'short' && <span className="badge quiet">short</span>}
                </th>
                <td className="number">{exactPrice(row.entry_price)}<span className="note block nowrap">{shortDate(row.entry_date)}</span></td>
                <td className="number">{exactPrice(row.exit_price)}{row.exit_date && <span className="note block nowrap">{shortDate(row.exit_date)}</span>}</td>
                <td className="number"><Gain amount={Number(row.realised)} currency={row.currency} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
