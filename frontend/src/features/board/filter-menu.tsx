import { Button, Popover } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { sectorsQuery } from '@/api/symbols';
import { useEscape } from '@/lib/keys';
import { countFilters } from './filters';
import { type Filters, ONLY, type Only, readScore } from './search';

const SAID: Record<Only, string> = {
  ranked: 'Ranked',
  unranked: 'Unranked',
  up: 'Moved up',
  down: 'Moved down',
  new: 'New on the board',
};

interface Props {
  filters: Filters;
  /** Symbols of the board: only their sectors are offered. */
  symbols: string[];
  onChange: (filters: Filters) => void;
}

/** Movers, sector and score range behind one button, which says how many are on. */
export function FilterMenu({ filters, symbols, onChange }: Props) {
  const [open, setOpen] = useState(false);
  useEscape(open, () => setOpen(false));
  const count = countFilters(filters);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" shadow="md" width="max-content" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" size="sm" onClick={() => setOpen(!open)} className={count ? 'on' : ''}>
          {count ? `Filters: ${count}` : 'Filters'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Filters">
        {open && <Fields filters={filters} symbols={symbols} onChange={onChange} />}
      </Popover.Dropdown>
    </Popover>
  );
}

function Fields({ filters, symbols, onChange }: Props) {
  const sectors = useQuery(sectorsQuery).data;
  const offered = useMemo(() => {
    const found = new Set(symbols.flatMap((symbol) => sectors?.get(symbol) ?? []));
    return [...found].sort((a, b) => a.localeCompare(b));
  }, [symbols, sectors]);
  return (
    <div className="fields">
      <label>
        Show
        <select
          value={filters.only ?? ''}
          onChange={(event) => onChange({ only: ONLY.find((one) => one === event.currentTarget.value) })}
        >
          <option value="">Everything</option>
          {ONLY.map((one) => <option key={one} value={one}>{SAID[one]}</option>)}
        </select>
      </label>
      {offered.length > 0 && (
        <label>
          Sector
          <select value={filters.sector ?? ''} onChange={(event) => onChange({ sector: event.currentTarget.value || undefined })}>
            <option value="">All sectors</option>
            {offered.map((one) => <option key={one}>{one}</option>)}
          </select>
        </label>
      )}
      <fieldset>
        <legend>Score</legend>
        <Score label="from" value={filters.min} onChange={(min) => onChange({ min })} />
        <Score label="to" value={filters.max} onChange={(max) => onChange({ max })} />
      </fieldset>
      <Button
        variant="subtle"
        size="compact-sm"
        disabled={!countFilters(filters)}
        onClick={() => onChange({ only: undefined, sector: undefined, min: undefined, max: undefined })}
      >
        Remove all filters
      </Button>
    </div>
  );
}

function Score({ label, value, onChange }: { label: string; value: string | undefined; onChange: (value: string | undefined) => void }) {
  return (
    <label>
      {label}{' '}
      <input
        type="number"
        min={0}
        max={100}
        inputMode="decimal"
        placeholder={label === 'from' ? '0' : '100'}
        defaultValue={value}
        key={value === undefined ? 'none' : 'some'}
        onChange={(event) => onChange(readScore(event.currentTarget.value))}
      />
    </label>
  );
}
