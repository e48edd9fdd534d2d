import { Button, Checkbox, Popover, ScrollArea } from '@mantine/core';
import { useState } from 'react';
import { useEscape } from '@/lib/keys';

interface Props {
  columns: { id: string; label: string }[];
  shown: string[];
  /** Nothing: back to what fits. */
  onColumns: (cols: string[] | undefined) => void;
}

/** Which columns a table shows; the symbol always stays. */
export function ColumnChooser({ columns, shown, onColumns }: Props) {
  const [open, setOpen] = useState(false);
  useEscape(open, () => setOpen(false));
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" size="sm" onClick={() => setOpen(!open)}>
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
