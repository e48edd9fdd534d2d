import { Button, Checkbox, Group, Popover, ScrollArea, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useKeys } from '@/lib/keys';
import type { Column } from './columns';
import { FilterMenu } from './filter-menu';
import type { Filters } from './search';

const MOST = 6; // side by side

interface Props {
  board: string;
  filters: Filters;
  /** Of all rows. */
  symbols: string[];
  columns: Column[];
  shown: string[];
  /** What a press on “Compare” shows side by side, and how many of them were picked by hand. */
  compared: string[];
  picked: number;
  onFilter: (filters: Filters) => void;
  /** Nothing: back to what fits. */
  onColumns: (cols: string[] | undefined) => void;
  /** Missing while rows are still to come. */
  onDownload: (() => void) | undefined;
  children: React.ReactNode;
}

export function Toolbar({ board, filters, symbols, columns, shown, compared, picked, onFilter, onColumns, onDownload, children }: Props) {
  return (
    <div className="toolbar" role="toolbar" aria-label="What the table shows">
      <FilterBox q={filters.q} onFilter={(q) => onFilter({ q })} />
      <FilterMenu filters={filters} symbols={symbols} onChange={onFilter} />
      {children}
      <Group gap="xs">
        <Link
          className="link-button desk-only"
          to="/compare"
          search={{ symbols: compared.slice(0, MOST).join(','), board }}
          aria-disabled={compared.length < 2}
        >
          {picked ? `Compare ${Math.min(picked, MOST)}` : `Compare first ${Math.min(compared.length, MOST)}`}
        </Link>
        <ColumnChooser columns={columns} shown={shown} onColumns={onColumns} />
        <Button variant="default" size="sm" onClick={onDownload} disabled={!onDownload}>
          <span className="desk-only">Download&nbsp;</span>CSV
        </Button>
      </Group>
    </div>
  );
}

function FilterBox({ q, onFilter }: { q: string | undefined; onFilter: (q: string | undefined) => void }) {
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
