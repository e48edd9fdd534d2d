import { NativeSelect, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type SyntheticEvent, useMemo, useState } from 'react';
import { useChange } from '@/api/change';
import { newKey } from '@/api/client';
import { knownSymbolsQuery } from '@/api/known-symbols';
import { askSymbols, type Priority } from '@/api/onboarding';
import { counted } from '@/lib/format';
import { inFull } from '@/ui/confirm';
import { RightButton, RightNote } from '@/ui/rights';
import { Said } from '@/ui/states';
import { askedInWords, MOST, readWanted, type Wanted } from './onboarding-words';

const PRIORITIES: { value: Priority; label: string }[] = [
  { value: 'high', label: 'High: before all others' },
  { value: 'normal', label: 'Normal' },
  { value: 'low', label: 'Low: when nothing else waits' },
];

/** A list of symbols, pasted or typed; what cannot be one is named before anything is sent. */
export function AskForm({ symbols }: { symbols: string | undefined }) {
  const [text, setText] = useState(symbols ?? '');
  const [priority, setPriority] = useState<Priority>('normal');
  const known = useQuery(knownSymbolsQuery).data;
  const wanted = useMemo(() => readWanted(text, known), [text, known]);
  const ask = useChange(askSymbols, ['onboarding', 'known-symbols']);
  const { good, bad } = wanted;
  const can = good.length > 0 && good.length <= MOST && bad.length === 0;
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (can) ask.mutate({ symbols: good, priority, key: newKey() }, { onSuccess: () => setText('') });
  };
  return (
    <form onSubmit={submit} className="card form asking" aria-labelledby="ask">
      <h2 id="ask">Ask for symbols</h2>
      <div className="asking-fields">
        <Textarea
          label="Symbols"
          description="In Yahoo’s spelling, such as NVDA, BRK-B, VOD.L. A list, a column or a table may be pasted."
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            ask.reset();
          }}
          autosize
          minRows={2}
          maxRows={8}
          aria-invalid={bad.length > 0}
          aria-describedby="wanted"
          spellCheck={false}
        />
        <NativeSelect label="Priority" value={priority} onChange={(event) => setPriority(event.currentTarget.value as Priority)} data={PRIORITIES} />
      </div>
      <div id="wanted" role="status"><Seen wanted={wanted} /></div>
      <RightNote right="write" what="Asking is not for you." />
      {ask.error && <p role="alert" className="form-error"><Said text={inFull(ask.error)} /></p>}
      {ask.data && <p className="done" role="status"><span aria-hidden="true">✓</span> {askedInWords(ask.data.rows)}</p>}
      <RightButton right="write" type="submit" loading={ask.isPending} disabled={!can}>
        {good.length > 1 ? `Ask for ${counted(good.length, 'symbol')}` : good.length ? `Ask for ${good[0] ?? ''}` : 'Ask'}
      </RightButton>
    </form>
  );
}

const NAMED = 30;

function Seen({ wanted: { good, bad, known } }: { wanted: Wanted }) {
  return (
    <>
      {good.length > MOST && <p className="named bad"><b>Too many:</b> {good.length.toLocaleString('en-GB')}; at most {MOST.toLocaleString('en-GB')} at once.</p>}
      {bad.length > 0 && <p className="named bad"><b>Cannot be {bad.length === 1 ? 'a symbol' : 'symbols'}:</b> {named(bad)}. Take {bad.length === 1 ? 'it' : 'them'} out or correct the spelling.</p>}
      {known.length > 0 && <p className="named"><b>Known already:</b> {named(known)}. {known.length === 1 ? 'It is' : 'They are'} only brought up to date.</p>}
    </>
  );
}

const named = (list: string[]): string => list.slice(0, NAMED).join(', ') + (list.length > NAMED ? ` and ${list.length - NAMED} more` : '');
