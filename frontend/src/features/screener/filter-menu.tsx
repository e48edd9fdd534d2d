import { Button, Popover } from '@mantine/core';
import { useState } from 'react';
import { useEscape } from '@/lib/keys';
import { type Figure, FIGURES, unitOf } from './figures';
import { type Bounds, countFilters, readWhere, writeWhere } from './filters';
import type { Filters } from './search';

interface Props {
  filters: Filters;
  /** Of all rows, in alphabetical order. */
  sectors: string[];
  onChange: (filters: Filters) => void;
}

/** Sector and bounds of figures behind one button, which says how many are on. */
export function FilterMenu(props: Props) {
  const [open, setOpen] = useState(false);
  useEscape(open, () => setOpen(false));
  const count = countFilters(props.filters);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" shadow="md" width="max-content" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" size="sm" onClick={() => setOpen(!open)} className={count ? 'on' : ''}>
          {count ? `Filters: ${count}` : 'Filters'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Filters">{open && <Fields {...props} />}</Popover.Dropdown>
    </Popover>
  );
}

function Fields({ filters, sectors, onChange }: Props) {
  const [bounds, setBounds] = useState(() => readWhere(filters.where)); // with those that have no number yet
  const change = (next: Bounds[]): void => {
    setBounds(next);
    onChange({ where: writeWhere(next) });
  };
  const put = (figure: Figure, typed: Partial<Bounds>): void =>
    change(bounds.map((one) => (one.figure === figure ? { ...one, ...typed } : one)));
  const left = FIGURES.filter((figure) => !bounds.some((one) => one.figure === figure));
  return (
    <div className="fields">
      {sectors.length > 0 && (
        <label>
          Sector
          <select value={filters.sector ?? ''} onChange={(event) => onChange({ sector: event.currentTarget.value || undefined })}>
            <option value="">All sectors</option>
            {sectors.map((one) => <option key={one}>{one}</option>)}
          </select>
        </label>
      )}
      {bounds.map(({ figure, from, to }) => (
        <fieldset key={figure.id} className="bounds">
          <legend>{figure.label}{unitOf(figure).said && `, ${unitOf(figure).said}`}</legend>
          <Bound label="from" value={from} onChange={(typed) => put(figure, { from: typed })} />
          <Bound label="to" value={to} onChange={(typed) => put(figure, { to: typed })} />
          <button type="button" className="plain" aria-label={`Remove ${figure.label}`} onClick={() => change(bounds.filter((one) => one.figure !== figure))}>✕</button>
        </fieldset>
      ))}
      {left.length > 0 && (
        <label>
          One more figure
          <select
            value=""
            onChange={(event) => {
              const figure = left.find((one) => one.id === event.currentTarget.value);
              if (figure) setBounds([...bounds, { figure, from: '', to: '' }]);
            }}
          >
            <option value="">Choose…</option>
            {left.map((one) => <option key={one.id} value={one.id}>{one.label}</option>)}
          </select>
        </label>
      )}
      <Button
        variant="subtle"
        size="compact-sm"
        disabled={!bounds.length && !filters.sector}
        onClick={() => {
          setBounds([]);
          onChange({ sector: undefined, where: undefined });
        }}
      >
        Remove all filters
      </Button>
    </div>
  );
}

function Bound({ label, value, onChange }: { label: string; value: string; onChange: (typed: string) => void }) {
  return (
    <label>
      {label}{' '}
      <input type="number" step="any" inputMode="decimal" value={value} onChange={(event) => onChange(event.currentTarget.value)} />
    </label>
  );
}
