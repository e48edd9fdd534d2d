import { Link } from '@tanstack/react-router';
import type { Box } from '@/api/boxes';
import { BoxPicture, shortCode } from '@/ui/box-picture';
import { Hidden } from '@/ui/hidden';

interface Props {
  row: Box;
  /** The day that the page shows, where it is not the newest. */
  on: string | undefined;
  /** Whether the reader may give it a name. */
  mayName: boolean;
  phone: boolean;
}

const ONE_LINE = 38; // characters
const ONE_LINE_PHONE = 13;

/** A box: its picture, its name and its set. */
export function BoxCell({ row, on, mayName, phone }: Props) {
  // Names begin with the game and end with what all boxes are; what tells them apart is the set.
  const short = row.set_name ? [row.set_name, row.variant && `(${row.variant})`].filter(Boolean).join(' ') : row.name;
  const about = [row.set_code, row.game].filter(Boolean).join(' · ');
  const long = (short?.length ?? 0) > (phone ? ONE_LINE_PHONE : ONE_LINE); // it takes the line below, too
  const params = { symbol: row.symbol };
  return (
    <span className="box-cell">
      <BoxPicture url={row.image_url} code={shortCode(row)} size={36} />
      <span className={`symbol${long ? ' long' : ''}`}>
        <span>
          <Link to="/boxes/$symbol" params={params} search={on ? { on } : {}} data-row={row.symbol} title={row.name ?? undefined}>
            {short ?? row.symbol}
          </Link>
        </span>
        {!long && <span className="note">{short ? about || row.symbol : 'unnamed'}</span>}
      </span>
      {!row.name && mayName && (
        <Link className="name-it desk-only" to="/boxes/$symbol" params={params} search={{ edit: 'facts' }}>
          name it<Hidden> {row.symbol}</Hidden>
        </Link>
      )}
    </span>
  );
}
