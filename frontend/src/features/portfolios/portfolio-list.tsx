import { Link } from '@tanstack/react-router';
import type { Portfolio } from '@/api/portfolios';
import { change, counted, shortDate } from '@/lib/format';
import { money } from '@/lib/money';
import { Gain } from '@/ui/gain';
import { PortfolioState } from '@/ui/portfolio-state';

/** A row a portfolio: value, the day, since the first trade. */
export function PortfolioList({ rows, expected }: { rows: Portfolio[]; expected: string }) {
  return (
    // A region that may scroll is reached by the keyboard too.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="card table-card" role="region" aria-label="Portfolios" tabIndex={0}>
      <table className="plain-table portfolio-list">
        <thead>
          <tr>
            <th scope="col">Portfolio</th>
            <th scope="col" className="number">Value</th>
            <th scope="col" className="number">Day</th>
            <th scope="col" className="number phone-gone" title="Time-weighted return since the first trade: what one unit of money became, however much was paid in or out">Return</th>
            <th scope="col" className="number desk-only" title="Below the highest value so far">Drawdown</th>
            <th scope="col" className="phone-gone">State</th>
            <th scope="col" className="desk-only">Prices of</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <Link to="/portfolios/$portfolio" params={{ portfolio: row.id }} data-row={row.id}>{row.name}</Link>
                <span className="note block">
                  {counted(row.n_holdings, 'holding')} · {row.base_currency}
                  {row.own && ' · yours alone'}
                </span>
                <span className="phone-only"><PortfolioState of={row} /></span>
              </th>
              <td className="number"><b>{money(row.nav, row.base_currency)}</b></td>
              <td className="number">
                <Gain share={row.daily_return} />
                {row.daily_pnl != null && <span className="note block"><Gain amount={row.daily_pnl} currency={row.base_currency} /></span>}
              </td>
              <td className="number phone-gone"><Gain share={row.twr} /></td>
              <td className="number desk-only">{change(row.drawdown)}</td>
              <td className="phone-gone"><PortfolioState of={row} /></td>
              <td className="desk-only"><AsOf day={row.metric_date} expected={expected} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The session of the prices, and that there should be newer ones. */
function AsOf({ day, expected }: { day: string | null; expected: string }) {
  if (!day) return <span className="soft">–</span>;
  return (
    <>
      <span className="nowrap">{shortDate(day)}</span>
      {day < expected && <span className="note block"><span aria-hidden="true">⚠</span> not current</span>}
    </>
  );
}
