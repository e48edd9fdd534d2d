import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Decision } from '@/api/decisions';
import { decimals, percent, shortDate, signed } from '@/lib/format';
import { exact, exactPrice } from '@/lib/money';
import { Answers } from './answers';
import { DecisionReasons } from './decision-reasons';
import { ACTIONS, DECISION_STATES, isAnswerable, title } from './desk-words';
import { awayPct } from './terms';

interface Props {
  row: Decision;
  /** How the desk works now. */
  mode: string;
  /** Whether votes and reasons are shown at once. */
  open?: boolean;
}

/** A decision: its terms, what can be done, the votes, the reasons, and what speaks against it. */
export function DecisionCard({ row, mode, open = false }: Props) {
  const [shown, setShown] = useState(open);
  const [word, tone] = ACTIONS[row.action] ?? [row.action, 'calm'];
  const id = `decision-${row.id}`;
  return (
    <article className={`card decision ${row.waiting || row.status === 'approved' ? tone : ''}`} aria-labelledby={id}>
      <header className="decision-head">
        <h3 id={id}>
          <span className={`action ${tone}`}>{word}</span>{' '}
          <Link to="/symbols/$ticker" params={{ ticker: row.symbol }} data-row={row.id}>{row.symbol}</Link>{' '}
          {row.name && <span className="soft">{row.name}</span>}
        </h3>
        <State row={row} />
        <span className="note when">decided after {shortDate(row.decided_on)}{row.expires_on && row.waiting && <>, <b>answer by {shortDate(row.expires_on)}</b></>}</span>
      </header>
      <TermList row={row} />
      {!shown && row.why && <p className="note">{sentenceOf(row.why)}</p>}
      <Answers row={row} mode={mode} />
      <details open={shown} onToggle={(event) => setShown(event.currentTarget.open)}>
        <summary>Votes, reasons, and what speaks against it</summary>
        {shown && <DecisionReasons id={row.id} symbol={row.symbol} />}
      </details>
    </article>
  );
}

function State({ row }: { row: Decision }) {
  if (!isAnswerable(row)) return <span className="state calm">asks nothing of anybody</span>;
  const [mark, tone, word] = DECISION_STATES[row.status] ?? ['?', 'calm', row.status];
  return <span className={`state ${tone}`}><span aria-hidden="true">{mark}</span> {word}</span>;
}

function TermList({ row }: { row: Decision }) {
  const unit = row.currency ?? '';
  const away = (price: string | null): ReactNode => {
    const pct = awayPct(price, row.entry_price);
    return pct === null ? null : `${signed(pct, 1)} %`;
  };
  if (row.entry_price == null && row.conviction == null) return null;
  return (
    <dl className="terms">
      {row.conviction && <Term name="Conviction" said={title(row.conviction)} note={row.bullish_share == null ? null : `${percent(row.bullish_share)} of the weight says buy`} />}
      {row.size_pct != null && <Term name="Size" said={`${decimals(row.size_pct, 1)} %`} note="of the portfolio" />}
      {row.quantity != null && <Term name="How many" said={exact(row.quantity)} note="at most" />}
      {row.entry_price != null && <Term name="Price" said={`${exactPrice(row.entry_price)} ${unit}`} note={`close of ${shortDate(row.decided_on)}`} />}
      {row.stop_loss != null && <Term name="Stop" said={`${exactPrice(row.stop_loss)} ${unit}`} note={away(row.stop_loss)} />}
      {row.target != null && <Term name="Target" said={`${exactPrice(row.target)} ${unit}`} note={away(row.target)} />}
    </dl>
  );
}

function Term({ name, said, note }: { name: string; said: string; note?: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd><b>{said}</b>{note && <span className="note">{note}</span>}</dd>
    </div>
  );
}

const sentenceOf = (said: string): string => said.charAt(0).toUpperCase() + said.slice(1);
