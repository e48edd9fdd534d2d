import { Button } from '@mantine/core';
import { useState } from 'react';
import { words } from '@/lib/format';

const FIELDS = [
  'symbol', 'quantity', 'entry_price', 'entry_date', 'exit_price', 'exit_date', 'date', 'action', 'price', 'amount', 'commission', 'currency',
  'note', 'investment_class', 'investment_subtype', 'underlying', 'strike', 'expiration', 'option_type',
] as const;

interface Props {
  mapping: Record<string, string>;
  unused: string[];
  onMapping: (mapping: Record<string, string>) => void;
}

/** What each column of the file was taken for; another meaning is tried at once. */
export function ColumnMeanings({ mapping, unused, onMapping }: Props) {
  const [changed, setChanged] = useState<Record<string, string>>({});
  const columns = [...Object.keys(mapping), ...unused];
  const meaning = (column: string): string => changed[column] ?? mapping[column] ?? '';
  const differs = columns.some((column) => meaning(column) !== (mapping[column] ?? ''));
  const tried = Object.fromEntries(columns.map((column): [string, string] => [column, meaning(column)]).filter(([, field]) => field !== ''));
  return (
    <details>
      <summary>What each column was taken for</summary>
      <p className="note">A column that was misunderstood? Say what it is; the next file of this portfolio is read the same way.</p>
      <div className="meanings">
        {columns.map((column) => (
          <label key={column}>
            <span>{column}</span>
            <select value={meaning(column)} onChange={(e) => setChanged({ ...changed, [column]: e.currentTarget.value })}>
              <option value="">not used</option>
              {FIELDS.map((field) => <option key={field} value={field}>{words(field)}</option>)}
            </select>
          </label>
        ))}
      </div>
      <Button variant="default" size="xs" disabled={!differs} onClick={() => onMapping(tried)}>Try it so</Button>
    </details>
  );
}
