import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Decision } from '@/api/decisions';
import { shortDate } from '@/lib/format';
import { Answers } from './answers';
import { DecisionReasons } from './decision-reasons';
import { DecisionState, TermList } from './decision-terms';
import { ACTIONS, answerInWords, capital } from './desk-words';

interface Props {
  row: Decision;
  /** How the desk works now. */
  mode: string;
  /** Whether votes and reasons are shown at once. */
  open?: boolean;
}

/** A decision: its terms, what can be done, the votes, the reasons, and what speaks against it. */
export function DecisionCard({ row, mode, open = false }: Props) {
  const tone = ACTIONS[row.action]?.[1] ?? 'calm';
  const id = `decision-${row.id}`;
  return (
    <article className={`card decision ${tone}`} aria-labelledby={id}>
      <header className="decision-head">
        <Name row={row} id={id} />
        <DecisionState row={row} />
        <span className="note when">decided after {shortDate(row.decided_on)}{row.expires_on && row.waiting && <>, <b>answer by {shortDate(row.expires_on)}</b></>}</span>
      </header>
      <TermList row={row} />
      <p className="note">{capital(row.why)}</p>
      <Answers row={row} mode={mode} />
      <Reasons row={row} open={open} />
    </article>
  );
}

/** A decision that asks for nothing any more, in a line; all of it when it is opened. */
export function DecisionLine({ row }: { row: Decision }) {
  const id = `decision-${row.id}`;
  return (
    <article className="decision-line" aria-labelledby={id}>
      <header className="decision-head">
        <Name row={row} id={id} />
        <DecisionState row={row} />
        <span className="note when">decided after {shortDate(row.decided_on)}</span>
      </header>
      <p className="note">{answerInWords(row) || capital(row.why)}</p>
      <Reasons row={row} open={false}><TermList row={row} /></Reasons>
    </article>
  );
}

function Name({ row, id }: { row: Decision; id: string }) {
  const [word, tone] = ACTIONS[row.action] ?? [row.action, 'calm'];
  return (
    <h3 id={id}>
      <span className={`action ${tone}`}>{word}</span>{' '}
      <Link to="/symbols/$ticker" params={{ ticker: row.symbol }} data-row={row.id}>{row.symbol}</Link>{' '}
      {row.name && <span className="soft">{row.name}</span>}
    </h3>
  );
}

function Reasons({ row, open, children }: { row: Decision; open: boolean; children?: React.ReactNode }) {
  const [shown, setShown] = useState(open);
  return (
    <details open={shown} onToggle={(event) => setShown(event.currentTarget.open)}>
      <summary>Votes, reasons, and what speaks against it</summary>
      {shown && <>{children}<DecisionReasons id={row.id} symbol={row.symbol} /></>}
    </details>
  );
}
