import { Link } from '@tanstack/react-router';
import type { Row } from '@/api/queries';

/** A box on a board of figures: its name leads to its page; an unranked one says why. */
export function BoxNameCell({ row }: { row: Row }) {
  return (
    <span className="symbol">
      <span>
        <Link to="/boxes/$symbol" params={{ symbol: row.symbol }} data-row={row.symbol} title={row.name ?? undefined}>{row.name ?? row.symbol}</Link>
      </span>
      <span className="note">{row.rank == null ? `unranked: ${row.unranked_because ?? 'no reason given'}` : row.name ? row.symbol : 'unnamed'}</span>
    </span>
  );
}
