import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { firstBoxesQuery } from '@/api/boxes';
import { shortDate } from '@/lib/format';
import { money } from '@/lib/money';
import { RankChange } from '@/ui/rank-change';
import '@/styles/boxes.css';

/** The first of the sealed boxes; nothing where there are none. */
export function BoxLeaders() {
  const { data } = useQuery(firstBoxesQuery);
  if (!data?.rows.length || !data.as_of) return null;
  return (
    <section className="card box-leaders" aria-labelledby="boxes">
      <h2 id="boxes"><Link to="/boxes" data-row="boxes">Boxes</Link> <span className="note">{shortDate(data.as_of)}</span></h2>
      <ol className="best">
        {data.rows.map((row) => (
          <li key={row.symbol}>
            <span className="place">{row.current_rank ?? '–'}</span>
            <span className="symbol">
              <span><Link to="/boxes/$symbol" params={{ symbol: row.symbol }} data-row={row.symbol}>{row.name ?? row.symbol}</Link></span>
              <span className="note"><RankChange rank={row.current_rank} change={row.rank_change} since={row.previous_on} of="day" /></span>
            </span>
            <span className="number">{money(row.floor_price_usd, 'USD')}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
