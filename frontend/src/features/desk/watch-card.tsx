import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useChange } from '@/api/change';
import { changeWatch, removeWatch, TOUCHED, TOUCHED_BY_REMOVAL, type Watch, watchQuery } from '@/api/watchlist';
import { counted, sentence, shortDate, withDays } from '@/lib/format';
import { Confirm, inFull } from '@/ui/confirm';
import { RightButton } from '@/ui/rights';
import { ErrorBox, Said, Waiting } from '@/ui/states';
import { WATCH_STATES } from './desk-words';
import { factInWords, factName } from './signal-words';
import { TrialLine } from './trial-line';
import { WatchForm } from './watch-form';

/** One entry: what it waits for and why, where it stands, and how often it would have fired. */
export function WatchCard({ row, open }: { row: Watch; open: boolean }) {
  const [mark, tone, word] = WATCH_STATES[row.status] ?? ['?', 'calm', row.status];
  const id = `watch-${row.id}`;
  return (
    <li className="card watch" aria-labelledby={id}>
      <div className="watch-head">
        <h2 id={id}>
          <Link to="/symbols/$ticker" params={{ ticker: row.symbol }} data-row={row.id}>{row.symbol}</Link>{' '}
          {row.name && row.name !== row.symbol && <span className="soft">{row.name}</span>}
        </h2>
        <span className={`state ${tone}`}><span aria-hidden="true">{mark}</span> {word}{row.last_triggered_on && row.status === 'fired' && ` on ${shortDate(row.last_triggered_on)}`}</span>
        <span className="push" />
        <Link
          to="/desk/watchlist"
          search={open ? {} : { open: row.id }}
          replace
          resetScroll={false}
          className="plain-link"
          aria-expanded={open}
          aria-label={`${open ? 'Close' : 'Open'} ${row.symbol}: ${row.words}`}
        >
          {open ? 'Close' : 'Open'}
        </Link>
      </div>
      <p className="watch-words">{sentence(row.words)}</p>
      {row.thesis && <p className="thesis">“{row.thesis}”</p>}
      <p className="facts">
        <span>{row.expires_on ? `until ${shortDate(row.expires_on)}` : 'for ever'}</span>
        <span>{row.times_triggered ? `fired ${counted(row.times_triggered, 'time')}` : 'never fired'}</span>
        {row.checked_on && <span>checked after {shortDate(row.checked_on)}</span>}
        {!row.own && <span>everybody’s</span>}
      </p>
      {row.status === 'fired' && Object.keys(row.fired_with).length > 0 && (
        <p className="note">When it fired: {Object.entries(row.fired_with).map(([name, value]) => factInWords(name, value)).join(', ')}.</p>
      )}
      {row.validation && <p className="note">Its thesis, {shortDate(row.validation.on)}: {row.validation.holds === null ? 'nobody knows' : row.validation.holds ? 'holds' : 'does not hold'}: {withDays(row.validation.reason)}</p>}
      {row.unknown.length > 0 && <p className="note">Not known on {row.checked_on ? shortDate(row.checked_on) : 'the last night'}: {row.unknown.map(factName).join(', ')}.</p>}
      {row.remarks.map((one) => <p key={one} className="stale-remark"><span aria-hidden="true">⚠</span> {sentence(upper(one))}</p>)}
      {row.to_validate && <Validate row={row} />}
      {open && <Inside row={row} />}
    </li>
  );
}

/** It fired: does what one thought still hold? */
function Validate({ row }: { row: Watch }) {
  const judge = useChange(changeWatch, TOUCHED);
  return (
    <div className="validate">
      <p><b>It fired. Does {row.thesis ? 'the thesis' : 'what you had in mind'} still hold?</b></p>
      <div className="buttons">
        <RightButton right="write" size="xs" loading={judge.isPending} onClick={() => judge.mutate({ id: row.id, holds: true })} label={`${row.symbol}: it holds`}>It holds</RightButton>
        <RightButton right="write" size="xs" variant="default" onClick={() => judge.mutate({ id: row.id, holds: false })} label={`${row.symbol}: it does not hold`}>It does not</RightButton>
        <Link to="/desk/decisions" search={{ symbol: row.symbol }}>Decisions on {row.symbol}</Link>
      </div>
      {judge.error && <p role="alert" className="form-error"><Said text={inFull(judge.error)} /></p>}
    </div>
  );
}

function Inside({ row }: { row: Watch }) {
  const asked = useQuery(watchQuery(row.id));
  const [sure, setSure] = useState(false);
  const remove = useChange(removeWatch, TOUCHED_BY_REMOVAL);
  return (
    <div className="topped">
      {asked.error && <ErrorBox error={asked.error} />}
      {asked.isPending && <Waiting rows={1} height={44} />}
      {asked.data?.would_have && <TrialLine trial={asked.data.would_have} />}
      <WatchForm key={`${row.id} ${row.updated_at ?? ''}`} row={row} />
      <p className="buttons"><RightButton right="write" size="xs" variant="default" onClick={() => setSure(true)} label={`Take away: ${row.symbol}`}>Take it away…</RightButton></p>
      {sure && (
        <Confirm title={`Watch ${row.symbol} no more?`} act="Take it away" danger busy={remove.isPending} error={remove.error} onClose={() => setSure(false)} onYes={() => remove.mutate(row.id, { onSuccess: () => setSure(false) })}>
          <p>{sentence(row.words)}</p>
        </Confirm>
      )}
    </div>
  );
}

const upper = (said: string): string => said.charAt(0).toUpperCase() + said.slice(1);
