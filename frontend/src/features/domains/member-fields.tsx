import { Button, FileButton, SegmentedControl, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { counted } from '@/lib/format';
import { readTickers } from '@/lib/tickers';

export type Way = 'list' | 'rule';

export interface Given {
  way: Way;
  text: string;
  rule: string;
}

const RULES = ['sector = Energy | Utilities', 'currency != USD', 'all'];
const MOST_BYTES = 2_000_000;

/** Who belongs: pasted tickers, a file of them, or a rule. */
export function MemberFields({ given, onChange }: { given: Given; onChange: (given: Given) => void }) {
  const [trouble, setTrouble] = useState('');
  const read = async (file: File | null): Promise<void> => {
    if (!file) return;
    if (file.size > MOST_BYTES) {
      setTrouble(`${file.name} is larger than 2 MB: a list of tickers is not.`);
      return;
    }
    const found = readTickers(await file.text());
    setTrouble(found.length ? '' : `${file.name} has no tickers that could be read.`);
    if (found.length) onChange({ ...given, way: 'list', text: found.join(' ') });
  };
  return (
    <fieldset className="plain-set">
      <legend>Members</legend>
      <SegmentedControl
        aria-label="How the members are said"
        value={given.way}
        onChange={(way) => onChange({ ...given, way })}
        data={[{ value: 'list', label: 'A list of tickers' }, { value: 'rule', label: 'A rule' }]}
      />
      {given.way === 'list' ? (
        <>
          <Textarea
            label="Tickers"
            description="Paste them as they come: with commas, spaces, in lines, or a table with a column “symbol”."
            placeholder="NVDA AMD AVGO, BRK.B"
            autosize
            minRows={3}
            maxRows={10}
            spellCheck={false}
            value={given.text}
            onChange={(event) => onChange({ ...given, text: event.currentTarget.value })}
          />
          <div className="buttons">
            <FileButton onChange={(file) => void read(file)} accept=".csv,.txt,.tsv,text/plain,text/csv">
              {(props) => <Button {...props} variant="default" size="sm">From a file…</Button>}
            </FileButton>
            <span className="note">{counted(readTickers(given.text).length, 'ticker')} read</span>
          </div>
        </>
      ) : (
        <>
          <TextInput
            label="Rule"
            description="field = value | value, joined by “and”; fields are sector, industry, currency and exchange. “all” takes everything."
            spellCheck={false}
            value={given.rule}
            onChange={(event) => onChange({ ...given, rule: event.currentTarget.value })}
          />
          <p className="note">
            For example{' '}
            {RULES.map((rule) => (
              <button key={rule} type="button" className="chip" onClick={() => onChange({ ...given, rule })}>{rule}</button>
            ))}
          </p>
        </>
      )}
      {trouble && <p role="alert" className="form-error">{trouble}</p>}
    </fieldset>
  );
}
