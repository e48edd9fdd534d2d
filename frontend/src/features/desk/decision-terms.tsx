import type { ReactNode } from 'react';
import type { Decision } from '@/api/decisions';
import { decimals, percent, shortDate, signed } from '@/lib/format';
import { exact, exactPrice, roundedPrice } from '@/lib/money';
import { isAnswerable, stateOf, title } from './desk-words';
import { awayPct } from './terms';

/** Where a decision stands: a mark and a word. */
export function DecisionState({ row }: { row: Decision }) {
  if (!isAnswerable(row)) return <span className="state calm">asks nothing of anybody</span>;
  const [mark, tone, word] = stateOf(row);
  return <span className={`state ${tone}`}><span aria-hidden="true">{mark}</span> {word}</span>;
}

/** How many at which price, where to stop, and where half is sold. */
export function TermList({ row }: { row: Decision }) {
  const unit = row.currency ?? '';
  const away = (price: string | null): ReactNode => {
    const pct = awayPct(price, row.entry_price);
    return pct === null ? null : `${signed(pct, 1)} %`;
  };
  if (row.entry_price == null && row.conviction == null) return null;
  return (
    <dl className="terms">
      {row.conviction && <Term name="Conviction" said={title(row.conviction)} note={row.bullish_share == null ? null : `${percent(row.bullish_share)} says buy`} />}
      {row.size_pct != null && <Term name="Size" said={`${decimals(row.size_pct, 1)} %`} note="of the portfolio" />}
      {row.quantity != null && <Term name="How many" said={exact(row.quantity)} note="at most" />}
      {row.entry_price != null && <Term name="Price" said={`${roundedPrice(row.entry_price)} ${unit}`} exactly={`${exactPrice(row.entry_price)} ${unit}`} note={`close of ${shortDate(row.decided_on)}`} />}
      {row.stop_loss != null && <Term name="Stop" said={`${roundedPrice(row.stop_loss)} ${unit}`} note={away(row.stop_loss)} />}
      {row.target != null && <Term name="Target" said={`${roundedPrice(row.target)} ${unit}`} note={away(row.target)} />}
    </dl>
  );
}

function Term({ name, said, exactly, note }: { name: string; said: string; exactly?: string; note?: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd><b title={exactly}>{said}</b>{note && <span className="note">{note}</span>}</dd>
    </div>
  );
}
