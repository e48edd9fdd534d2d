import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { useKeys } from '@/lib/keys';

/** The text that rows are filtered by; `/` leads to it. */
export function FilterBox({ q, onFilter, what = 'symbol or name' }: { q: string | undefined; onFilter: (q: string | undefined) => void; what?: string }) {
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
      aria-label={`Filter rows by ${what}`}
      placeholder={`Filter by ${what}`}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        send(event.currentTarget.value);
      }}
    />
  );
}
