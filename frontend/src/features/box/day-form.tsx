import { TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { type BoxFacts, type BoxRecord, boxRecordsQuery, enterBoxDay, TOUCHED } from '@/api/boxes';
import { useChange } from '@/api/change';
import { ApiError } from '@/api/client';
import { counted, sentence, shortDate } from '@/lib/format';
import { Confirm, inFull } from '@/ui/confirm';
import { RightButton, RightNote } from '@/ui/rights';
import { Said } from '@/ui/states';
import { readFigure, today, wrongFigure } from './figures';

const FIELDS = [
  ['floor_price_usd', 'Floor price, $', '1,234.50'],
  ['active_listings_count', 'Listings', '38'],
  ['boxes_sold', 'Sold', '4'],
  ['boxes_added', 'Added', '2'],
] as const;
type Name = (typeof FIELDS)[number][0];
const EMPTY: Record<Name, string> = { floor_price_usd: '', active_listings_count: '', boxes_sold: '', boxes_added: '' };

/** What somebody saw of a box on a day. */
export function DayForm({ box }: { box: BoxFacts }) {
  const [day, setDay] = useState(() => today(new Date()));
  const [fields, setFields] = useState(EMPTY);
  const [note, setNote] = useState('');
  const enter = useChange(enterBoxDay, TOUCHED);
  const former = useFormer(box.symbol, day);
  const figures = Object.fromEntries(FIELDS.map(([name]) => [name, readFigure(fields[name])])) as Record<Name, number | null>;
  const values = Object.values(figures);
  const ready = day !== '' && values.some((value) => value !== null) && !values.some(Number.isNaN);
  const save = (confirm: boolean): void =>
    enter.mutate(
      { symbol: box.symbol, day, ...figures, note: note.trim() || null, confirm },
      { onSuccess: () => { setFields(EMPTY); setNote(''); } },
    );
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (ready) save(false);
  };
  const doubt = enter.error instanceof ApiError && isDoubt(enter.error) ? enter.error : undefined;
  return (
    <form onSubmit={submit} className="card form" aria-labelledby="enter-day">
      <h2 id="enter-day">Enter a day’s figures</h2>
      <RightNote right="write" what="Entering is not for you." />
      <p className="note">What you leave out counts as not looked at. What you enter goes before every other source of that day.</p>
      <div className="in-row">
        <TextInput type="date" label="Day" required value={day} max={today(new Date())} onChange={(e) => setDay(e.currentTarget.value)} />
        {FIELDS.map(([name, label, like]) => (
          <TextInput
            key={name}
            label={label}
            inputMode="decimal"
            autoComplete="off"
            placeholder={like}
            value={fields[name]}
            error={wrongFigure(fields[name])}
            onChange={({ currentTarget: { value } }) => setFields((now) => ({ ...now, [name]: value }))}
          />
        ))}
      </div>
      <TextInput label="Note (may stay empty)" maxLength={500} value={note} onChange={(e) => setNote(e.currentTarget.value)} />
      {former && (
        <p className="note">
          {former.by ?? 'Somebody'} entered {shortDate(day)} before; what you enter takes the place of all of it.{' '}
          <button type="button" className="plain" onClick={() => setFields(typed(former))}>Take those figures into the fields</button>
        </p>
      )}
      {enter.error && !doubt && <p role="alert" className="form-error"><Said text={inFull(enter.error)} /></p>}
      {enter.data && !ready && (
        <div role="status" className="done">
          <p>
            {enter.data.fate === 'unchanged' ? `${shortDate(enter.data.date)} was so already: nothing changed.` : `${shortDate(enter.data.date)} is entered; ${counted(enter.data.ranked, 'day')} ranked again.`}
          </p>
          {enter.data.said.map((one) => <p key={one} className="note">{one}</p>)}
        </div>
      )}
      <RightButton right="write" type="submit" loading={enter.isPending} disabled={!ready}>Enter</RightButton>
      {doubt && (
        <Confirm title="Is this price right?" act="It is right" busy={enter.isPending} error={null} onClose={() => enter.reset()} onYes={() => save(true)}>
          <p><Said text={sentence(doubt.message)} /></p>
          <p>Enter it only if you have looked twice.</p>
        </Confirm>
      )}
    </form>
  );
}

/** The server doubts a figure and takes it when it is confirmed. */
export function isDoubt({ status, mend }: Pick<ApiError, 'status' | 'mend'>): boolean {
  return status === 422 && /\bconfirm\b/.test(mend);
}

/** What was entered by hand of that day and still holds, as far as the page shows the past. */
function useFormer(symbol: string, day: string): BoxRecord | undefined {
  const rows = useInfiniteQuery(boxRecordsQuery(symbol)).data?.pages.flatMap((page) => page.rows);
  return rows?.find((one) => one.date === day && one.source === 'manual' && one.current);
}

function typed(former: BoxRecord): Record<Name, string> {
  const text = (value: number | null): string => (value == null ? '' : String(value));
  return Object.fromEntries(FIELDS.map(([name]) => [name, text(former[name])])) as Record<Name, string>;
}
