import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { useKeys } from '@/lib/keys';

/** The text that rows are filtered by; `/` leads to it. */
export function FilterBox({ q, onFilter }: { q: string | undefined; onFilter: (q: string | undefined) => void }) {
  const [text, setText] = useState(q ?? '');
  const box = useRef<HTMLInputElement>(null);
  const send = useDebouncedCallback((value: string) => onFilter(value.trim() || undefined), 150);
  useKeys({ '/': () => box.current?.focus() });
  useEffect(() => {
    if (document.activeElement !== box.current) setText(q ?? ''); // the address changed otherwise: back, or a link
  }, [q]);
  return (
    <TextInput
      ref={box}
      type="search"
      aria-label="Filter rows by symbol or name"
      placeholder="Filter by symbol or name"
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        send(event.currentTarget.value);
      }}
    />
  );
}
