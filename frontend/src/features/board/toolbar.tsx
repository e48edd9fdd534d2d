import { Button, Group } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { ColumnChooser } from '@/ui/column-chooser';
import { FilterBox } from '@/ui/filter-box';
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
  /** Whether they can be laid side by side at all. */
  comparable: boolean;
  onFilter: (filters: Filters) => void;
  /** Nothing: back to what fits. */
  onColumns: (cols: string[] | undefined) => void;
  /** Missing while rows are still to come. */
  onDownload: (() => void) | undefined;
  children: React.ReactNode;
}

export function Toolbar({ board, filters, symbols, columns, shown, compared, picked, comparable, onFilter, onColumns, onDownload, children }: Props) {
  return (
    <div className="toolbar" role="toolbar" aria-label="What the table shows">
      <FilterBox q={filters.q} onFilter={(q) => onFilter({ q })} />
      <FilterMenu filters={filters} symbols={symbols} onChange={onFilter} />
      {children}
      <Group gap="xs">
        {comparable && <Link
          className="link-button desk-only"
          to="/compare"
          search={{ symbols: compared.slice(0, MOST).join(','), board }}
          aria-disabled={compared.length < 2}
        >
          {picked ? `Compare ${Math.min(picked, MOST)}` : `Compare first ${Math.min(compared.length, MOST)}`}
        </Link>}
        <ColumnChooser columns={columns} shown={shown} onColumns={onColumns} />
        <Button variant="default" size="sm" onClick={onDownload} disabled={!onDownload}>
          <span className="desk-only">Download&nbsp;</span>CSV
        </Button>
      </Group>
    </div>
  );
}
