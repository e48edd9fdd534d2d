import { MultiSelect, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { useChange } from '@/api/change';
import { newKey } from '@/api/client';
import { askJob, type Kind } from '@/api/jobs';
import { domainsQuery } from '@/api/queries';
import { inFull } from '@/ui/confirm';
import { RightButton, RightNote } from '@/ui/rights';
import { Said } from '@/ui/states';

const ABOUT: Record<Kind, string> = {
  cycle: 'Fetches the prices that are missing and ranks every board. It does nothing twice: asked again, it says that all is done.',
  backfill: 'Ranks past sessions from the prices that are stored. Fetches nothing, and leaves alone what is published already.',
  warm: 'Makes the answers that are asked for most, so that the first reader does not wait.',
  batch: 'Measures every symbol: its exposures and the day’s figures. It runs by itself every night; what is done already is not done again.',
  portfolios: 'Values every portfolio anew whose prices, trades or holdings have changed.',
  night: 'The research desk works through the night of a ranked session: signals, opinions, decisions, the morning report.',
};

const KINDS: { value: Kind; label: string }[] = [
  { value: 'cycle', label: 'A cycle' },
  { value: 'backfill', label: 'A backfill' },
  { value: 'batch', label: 'A batch of symbols' },
  { value: 'portfolios', label: 'Portfolios' },
  { value: 'night', label: 'A night of the desk' },
  { value: 'warm', label: 'Warming' },
];

/** Start a cycle, a backfill, a batch, … */
export function AskForm() {
  const [kind, setKind] = useState<Kind>('cycle');
  const [on, setOn] = useState('');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [boards, setBoards] = useState<string[]>([]);
  const domains = useQuery(domainsQuery).data?.domains ?? [];
  const ask = useChange(askJob, ['jobs', 'batch']);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const backfill = kind === 'backfill';
    ask.mutate({
      kind,
      on: kind === 'cycle' || kind === 'batch' ? on || null : null,
      from: backfill ? from || null : null,
      to: backfill ? to || null : null,
      boards: backfill && boards.length ? boards : null,
      key: newKey(),
    });
  };
  return (
    <form onSubmit={submit} className="card ask" aria-labelledby="ask">
      <h2 id="ask">Start</h2>
      <div className="in-row">
        <NativeSelect
          label="Work"
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value as Kind)}
          data={KINDS}
        />
        {(kind === 'cycle' || kind === 'batch' || kind === 'night') && <TextInput type="date" label="Session (empty: the newest)" value={on} onChange={(e) => setOn(e.currentTarget.value)} />}
        {kind === 'backfill' && (
          <>
            <TextInput type="date" label="From (empty: the first)" value={from} onChange={(e) => setFrom(e.currentTarget.value)} />
            <TextInput type="date" label="To (empty: the newest)" value={to} onChange={(e) => setTo(e.currentTarget.value)} />
            <MultiSelect label="Boards (none: all)" searchable clearable value={boards} onChange={setBoards} data={domains.map((one) => ({ value: one.slug, label: one.name }))} />
          </>
        )}
        <RightButton right="write" type="submit" loading={ask.isPending}>Start</RightButton>
      </div>
      <p className="note">{ABOUT[kind]}</p>
      <RightNote right="write" what="Starting work is not for you." />
      {ask.error && <p role="alert" className="form-error"><Said text={inFull(ask.error)} /></p>}
    </form>
  );
}
