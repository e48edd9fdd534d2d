import { Modal, NumberInput } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import { useChange } from '@/api/change';
import { type Held, repairBar } from '@/api/quarantine';
import { raw, shortDate } from '@/lib/format';
import { inFull } from '@/ui/confirm';
import { RightButton } from '@/ui/rights';
import { Said } from '@/ui/states';

const FIELDS = ['open', 'high', 'low', 'close', 'volume'] as const;
type Field = (typeof FIELDS)[number];
const SCALES = [0.01, 0.1, 0.5, 2, 10, 100];

/** What the price should have been: times a factor, or with values of one's own. */
export function RepairDialog({ row, onClose }: { row: Held; onClose: () => void }) {
  const [scale, setScale] = useState(1);
  const [values, setValues] = useState<Partial<Record<Field, number>>>({});
  const repair = useChange(repairBar, ['quarantine', 'leaders', 'data-health']);
  const changed = scale !== 1 || Object.keys(values).length > 0;
  const was = (field: Field): number | null => row[field] ?? null;
  const shown = (field: Field): number | null => {
    const size = was(field);
    return values[field] ?? (size == null || field === 'volume' ? size : size * scale);
  };
  const said = (field: Field, size: number | null): string => (field === 'volume' ? (size?.toLocaleString('en-GB') ?? '–') : raw(size));
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    repair.mutate({ symbol: row.symbol, day: row.date, scale, ...values }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title={`Repair ${row.symbol}, ${shortDate(row.date)}`} centered closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit} className="form">
        <NumberInput label="Times" description="All prices times this: 0.01 for pence taken as pounds, 0.5 or 2 for a split." min={0.000001} value={scale} onChange={(value) => setScale(Number(value) || 1)} data-autofocus hideControls />
        <p className="note">
          {SCALES.map((one) => <button key={one} type="button" className="chip" onClick={() => setScale(one)}>× {one}</button>)}
        </p>
        <fieldset className="plain-set">
          <legend>Or value by value</legend>
          <div className="in-row">
            {FIELDS.map((field) => (
              <NumberInput
                key={field}
                label={field}
                hideControls
                min={0}
                placeholder={said(field, was(field))}
                value={values[field] ?? ''}
                onChange={(value) =>
                  setValues((now) => {
                    const others = Object.fromEntries(Object.entries(now).filter(([name]) => name !== field));
                    return value === '' ? others : { ...others, [field]: Number(value) };
                  })
                }
              />
            ))}
          </div>
        </fieldset>
        <p role="status">It becomes: {FIELDS.map((field) => `${field} ${said(field, shown(field))}`).join(', ')}.</p>
        <p className="note">The next cycle ranks again every session that it touches. Your name and the time are kept with the decision; no later fetch overwrites it.</p>
        {repair.error && <p role="alert" className="form-error"><Said text={inFull(repair.error)} /></p>}
        <RightButton right="write" type="submit" loading={repair.isPending} disabled={!changed}>Store the repaired price</RightButton>
      </form>
    </Modal>
  );
}
