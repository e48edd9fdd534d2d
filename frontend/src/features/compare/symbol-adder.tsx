import { Select } from '@mantine/core';
import { useRef } from 'react';
import { useKeys } from '@/lib/keys';

interface Props {
  /** What can be added, with its name. */
  offered: { symbol: string; name: string }[];
  full: boolean;
  onAdd: (symbol: string) => void;
}

const SHOWN = 40;

/** Type a few letters, Enter adds: the finder again, for one symbol more. */
export function SymbolAdder({ offered, full, onAdd }: Props) {
  const box = useRef<HTMLInputElement>(null);
  useKeys({ a: () => box.current?.focus(), '/': () => box.current?.focus() });
  return (
    <Select
      ref={box}
      className="adder"
      size="sm"
      searchable
      selectFirstOptionOnChange
      value={null}
      disabled={full}
      aria-label="Add a symbol"
      aria-keyshortcuts="a"
      placeholder={full ? 'Six are the most' : 'Add a symbol'}
      nothingFoundMessage="No such symbol on a board"
      limit={SHOWN}
      maxDropdownHeight={320}
      data={offered.map(({ symbol, name }) => ({ value: symbol, label: name && name !== symbol ? `${symbol} · ${name}` : symbol }))}
      onChange={(symbol) => symbol && onAdd(symbol)}
    />
  );
}
