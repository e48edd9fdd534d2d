import { Button, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type SyntheticEvent, useRef, useState } from 'react';
import { useChange } from '@/api/change';
import { addWatch, changeWatch, factsQuery, symbolFactsQuery, TOUCHED, tryWatch, type Watch } from '@/api/watchlist';
import { shortDate } from '@/lib/format';
import { inFull } from '@/ui/confirm';
import { RightButton, RightNote } from '@/ui/rights';
import { Said } from '@/ui/states';
import { checkWatch, matchFacts, putFact, type WatchFields, wordBefore } from './condition-typing';
import { factValue } from './signal-words';
import { TrialLine } from './trial-line';

const OFFERED = 8;
const DAYS_USUAL = 180;

interface Props {
  /** The entry that is changed; a new one where none is. */
  row?: Watch;
  symbol?: string | undefined;
}

/** Something to wait for: the condition as text, with the facts that it can speak of; tried before it is saved. */
export function WatchForm({ row, symbol }: Props) {
  const [fields, setFields] = useState<WatchFields>(() => start(row, symbol));
  const [pressed, setPressed] = useState(false);
  const [at, setAt] = useState(fields.condition.length);
  const area = useRef<HTMLTextAreaElement>(null);
  const navigate = useNavigate();
  const add = useChange(addWatch, TOUCHED);
  const change = useChange(changeWatch, TOUCHED);
  const attempt = useChange(tryWatch, []);
  const wrong = checkWatch(fields, today());
  const ready = Object.keys(wrong).length === 0;
  const error = add.error ?? change.error ?? attempt.error;
  const given = { condition: fields.condition.trim(), hysteresis_pct: Number(fields.hysteresis), cool_down_days: Number(fields.rest) };
  const save = (event: SyntheticEvent): void => {
    event.preventDefault();
    setPressed(true);
    if (!ready) return;
    attempt.reset();
    const rest = { ...given, thesis: fields.thesis.trim(), expires_on: fields.expires_on || 'never' };
    if (row) change.mutate({ id: row.id, ...rest });
    else add.mutate({ symbol: fields.symbol.trim().toUpperCase(), ...rest }, { onSuccess: (made) => void navigate({ to: '/desk/watchlist', search: { open: made.id }, replace: true, resetScroll: false }) });
  };
  const tryIt = (): void => {
    setPressed(true);
    add.reset();
    change.reset();
    if (!wrong.symbol && !wrong.condition && !wrong.hysteresis && !wrong.rest) attempt.mutate({ symbol: fields.symbol.trim().toUpperCase(), ...given });
  };
  const set = (name: keyof WatchFields) => ({ currentTarget: { value } }: { currentTarget: { value: string } }): void => setFields((now) => ({ ...now, [name]: value }));
  const put = (fact: string): void => {
    const next = putFact(fields.condition, at, fact);
    setFields((now) => ({ ...now, condition: next.text }));
    setAt(next.at);
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(next.at, next.at);
    });
  };
  const note = (name: keyof WatchFields): string | undefined => (pressed ? wrong[name] : undefined);
  return (
    <form className={row ? 'form' : 'card form'} onSubmit={save} noValidate aria-label={row ? `Change what ${row.symbol} is watched for` : 'Watch something'}>
      {!row && <h2>Watch something</h2>}
      <RightNote right="write" what="Watching is not for you: you can try conditions." />
      {!row && <TextInput label="Symbol" required maxLength={32} placeholder="NVDA, VOD.L" autoComplete="off" spellCheck={false} className="short-field" value={fields.symbol} error={note('symbol')} onChange={set('symbol')} />}
      <Textarea
        ref={area}
        label="Condition"
        required
        autosize
        minRows={2}
        maxRows={8}
        maxLength={4000}
        spellCheck={false}
        description="Such as: price.close < 180 and (rank.rank <= 20 or event.insider). Or: price.close crosses above technical.sma_200"
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        value={fields.condition}
        error={note('condition')}
        onChange={(event) => {
          set('condition')(event);
          setAt(event.currentTarget.selectionStart);
        }}
        onSelect={(event) => setAt(event.currentTarget.selectionStart)}
      />
      <FactOffer symbol={row?.symbol ?? fields.symbol} typed={wordBefore(fields.condition, at)} onPick={put} />
      <Textarea label="Thesis (may stay empty)" description="Why. You are asked again when it fires." autosize minRows={1} maxRows={6} maxLength={4000} value={fields.thesis} onChange={set('thesis')} />
      <div className="in-row">
        <TextInput type="date" label="Until (empty: for ever)" min={today()} value={fields.expires_on} error={wrong.expires_on} onChange={set('expires_on')} />
        <TextInput label="Armed again after going back, %" inputMode="decimal" value={fields.hysteresis} error={wrong.hysteresis} onChange={set('hysteresis')} />
        <TextInput label="Rest after firing, days" inputMode="numeric" value={fields.rest} error={wrong.rest} onChange={set('rest')} />
      </div>
      {error && <p role="alert" className="form-error"><Said text={inFull(error)} /></p>}
      {attempt.data && !error && (
        <>
          <p className="note">{attempt.data.symbol}: {attempt.data.words}</p>
          <TrialLine trial={attempt.data.would_have} />
        </>
      )}
      {change.data && !error && !attempt.data && <p role="status" className="done">It is changed.</p>}
      <div className="buttons">
        <Button variant="default" loading={attempt.isPending} onClick={tryIt}>Try it</Button>
        <RightButton right="write" type="submit" loading={add.isPending || change.isPending}>{row ? 'Save' : 'Watch'}</RightButton>
      </div>
    </form>
  );
}

/** Facts that fit what is typed, each with its present value. */
function FactOffer({ symbol, typed, onPick }: { symbol: string; typed: string; onPick: (fact: string) => void }) {
  const [named] = useDebouncedValue(symbol.trim().toUpperCase(), 500);
  const facts = useQuery(factsQuery).data?.rows;
  const known = useQuery({ ...symbolFactsQuery(named), enabled: named.length > 0 });
  const values = new Map(named && !known.error ? known.data?.rows.map((one) => [one.fact, one.value]) : []);
  const shown = matchFacts(facts ?? [], typed, OFFERED);
  return (
    <div className="fact-offer">
      <p className="note" aria-live="polite">
        {typed ? `Facts like “${typed}”` : 'Facts, press one to put it in'}
        {values.size > 0 && known.data?.as_of && `, with ${known.data.symbol}’s values of ${shortDate(known.data.as_of)}`}
        {named && known.error && <>. <Said text={inFull(known.error)} /></>}
        {shown.length === 0 && facts && ': there is none'}
      </p>
      <ul>
        {shown.map((one) => {
          const value = values.get(one.fact);
          return (
            <li key={one.fact}>
              <button type="button" onClick={() => onPick(one.fact)} title={one.words}>
                <code>{one.fact}</code>
                {values.size > 0 && <b>{value == null ? 'not known' : factValue(value)}</b>}
                <span className="note">{one.words}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

const today = (): string => new Date().toISOString().slice(0, 10);

function start(row: Watch | undefined, symbol: string | undefined): WatchFields {
  if (row) {
    return {
      symbol: row.symbol,
      condition: row.text,
      thesis: row.thesis ?? '',
      expires_on: row.expires_on ?? '',
      hysteresis: String(row.hysteresis_pct),
      rest: String(row.cool_down_days),
    };
  }
  const until = new Date(Date.now() + DAYS_USUAL * 86_400_000).toISOString().slice(0, 10);
  return { symbol: symbol ?? '', condition: '', thesis: '', expires_on: until, hysteresis: '2', rest: '5' };
}
