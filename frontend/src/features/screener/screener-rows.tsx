import { Button, Group } from '@mantine/core';
import { useMemo } from 'react';
import type { Metrics } from '@/api/daily-metrics';
import { download } from '@/lib/csv';
import { readSort, writeSort } from '@/lib/sorting';
import { ColumnChooser } from '@/ui/column-chooser';
import { FilterBox } from '@/ui/filter-box';
import { Empty } from '@/ui/states';
import { shownColumns, useSortedRows } from '@/ui/table-columns';
import { countInWords, screenerColumns, screenerCsv, withSorted } from './columns';
import { FilterMenu } from './filter-menu';
import { boundsInWords, filterRows, readWhere } from './filters';
import { ScreenerTable } from './screener-table';
import type { ScreenerSearch } from './search';

const USUAL = 'symbol';

interface Props {
  rows: Metrics[];
  /** How many there will be. */
  count: number;
  asOf: string | null;
  /** Rows are still to come. */
  growing: boolean;
  sectors: string[];
  phone: boolean;
  search: ScreenerSearch;
  onChange: (change: Partial<ScreenerSearch>) => void;
}

/** The rows as the address says: filtered, sorted, in the columns chosen. */
export function ScreenerRows({ rows, count, asOf, growing, sectors, phone, search, onChange }: Props) {
  const columns = useMemo(() => screenerColumns(rows, asOf), [rows, asOf]);
  const sorting = useMemo(() => readSort(search.sort, columns.map(({ id }) => id), USUAL), [search.sort, columns]);
  const shown = withSorted(columns, shownColumns(columns, search.cols, phone), sorting.id, !phone || search.cols !== undefined);
  const choose = (cols: string[] | undefined): void =>
    onChange({ cols: cols?.join(','), ...(cols && !cols.includes(sorting.id) && { sort: undefined }) });
  const { q, sector, where } = search;
  const left = useMemo(() => filterRows(rows, { q, sector, where }), [rows, q, sector, where]);
  const sorted = useSortedRows(left, columns, sorting);
  const on = [...(sector ? [sector] : []), ...readWhere(where).map(boundsInWords)];
  return (
    <>
      <div className="toolbar" role="toolbar" aria-label="What the table shows">
        <FilterBox q={q} onFilter={(text) => onChange({ q: text })} />
        <FilterMenu filters={search} sectors={sectors} onChange={onChange} />
        <span className="count wordy" role="status">
          {countInWords(left.length, rows.length, count)}
          {growing && ', more are coming…'}
          {on.length > 0 && ` · ${on.join(' · ')}`}
        </span>
        <Group gap="xs">
          <ColumnChooser columns={columns} shown={shown} onColumns={choose} />
          <Button variant="default" size="sm" disabled={growing} onClick={() => download(`figures-${asOf}.csv`, screenerCsv(sorted, columns))}>
            <span className="desk-only">Download&nbsp;</span>CSV
          </Button>
        </Group>
      </div>
      {left.length ? (
        <ScreenerTable
          rows={sorted}
          columns={columns}
          shown={shown}
          sorting={sorting}
          onSort={(next) => onChange({ sort: writeSort(next, USUAL) })}
          caption="Figures of every symbol"
          phone={phone}
        />
      ) : (
        <Empty title={growing ? 'No row so far' : 'No symbol fits the filters'}>
          <p>{growing ? 'Rows are still coming.' : 'A symbol without a figure fits no bounds of it. Take one of the filters away to see more.'}</p>
        </Empty>
      )}
      <p className="legend">
        Returns carry dividends. Betas say how much a symbol moves with the market, with interest rates and with styles; its own page
        has their uncertainty. “Data” is how complete and recent its data is, 0 to 100.
      </p>
    </>
  );
}
