import { Button, Checkbox, Group, Popover, ScrollArea, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { useKeys } from '@/lib/keys';
import type { Column } from './columns';

interface Props {
  q: string | undefined;
  columns: Column[];
  shown: string[];
  onFilter: (q: string | undefined) => void;
  /** Nothing: back to what fits. */
  onColumns: (cols: string[] | undefined) => void;
  onDownload: () => void;
  children: React.ReactNode;
}

export function Toolbar({ q, columns, shown, onFilter, onColumns, onDownload, children }: Props) {
  return (
    <div className="toolbar" role="toolbar" aria-label="What the table shows">
      <FilterBox q={q} onFilter={onFilter} />
      {children}
      <Group gap="xs">
        <ColumnChooser columns={columns} shown={shown} onColumns={onColumns} />
        <Button variant="default" size="sm" onClick={onDownload}>
          Download CSV
        </Button>
      </Group>
    </div>
  );
}

function FilterBox({ q, onFilter }: Pick<Props, 'q' | 'onFilter'>) {
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

function ColumnChooser({ columns, shown, onColumns }: Pick<Props, 'columns' | 'shown' | 'onColumns'>) {
  return (
    <Popover position="bottom-end" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" size="sm">
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns">
        <ScrollArea.Autosize mah={340} type="auto">
          <Checkbox.Group
            value={shown}
            onChange={(ids) => onColumns(ids)}
            label="Columns shown"
            classNames={{ label: 'group-label' }}
          >
            {columns.map((column) => (
              <Checkbox key={column.id} value={column.id} label={column.label} disabled={column.id === 'symbol'} mt={8} />
            ))}
          </Checkbox.Group>
        </ScrollArea.Autosize>
        <Button variant="subtle" size="compact-sm" mt="sm" onClick={() => onColumns(undefined)}>
          Back to the usual ones
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
