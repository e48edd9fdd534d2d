import { Link } from '@tanstack/react-router';
import type { Row } from '@/api/queries';
import { HeldMark } from '@/ui/held-mark';

/** Symbol and name; an unranked one says why. */
export function SymbolCell({ row }: { row: Row }) {
  return (
    <span className="symbol">
      <span>
        <Link to="/symbols/$ticker" params={{ ticker: row.symbol }} data-row={row.symbol}>
          {row.symbol}
        </Link>
        <HeldMark bars={row.held_bars} />
      </span>
      {row.rank == null ? (
        <span className="note">unranked: {row.unranked_because ?? 'no reason given'}</span>
      ) : (
        row.name !== row.symbol && <span className="note" title={row.name ?? undefined}>{row.name}</span>
      )}
    </span>
  );
}
