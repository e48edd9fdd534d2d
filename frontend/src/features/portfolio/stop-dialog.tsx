import { Modal, Textarea, TextInput } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import { useChange } from '@/api/change';
import { editPosition, type Position } from '@/api/portfolios';
import { price, shortDate } from '@/lib/format';
import { inFull } from '@/ui/confirm';
import { RightButton, RightNote } from '@/ui/rights';
import { Said } from '@/ui/states';
import { distance } from './holding-columns';

/** A person's own stop, target and note of a holding. */
export function StopDialog({ id, row, onClose }: { id: string; row: Position; onClose: () => void }) {
  const [stop, setStop] = useState(row.stop_loss ?? '');
  const [target, setTarget] = useState(row.target ?? '');
  const [note, setNote] = useState(row.note ?? '');
  const edit = useChange(editPosition, ['portfolio']);
  const wrong = [stop, target].some((text) => text.trim() !== '' && !readsAsPrice(text));
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (wrong) return;
    edit.mutate(
      { id, position: row.id, stop_loss: written(stop), target: written(target), note: note.trim() || null },
      { onSuccess: onClose },
    );
  };
  const level = (label: string, text: string, set: (text: string) => void, about: string): React.ReactNode => (
    <TextInput
      label={label}
      description={about}
      inputMode="decimal"
      value={text}
      onChange={(e) => set(e.currentTarget.value)}
      error={text.trim() !== '' && !readsAsPrice(text) ? 'A price above zero, with a decimal point' : undefined}
      rightSection={readsAsPrice(text) ? <span className="note nowrap">{distance(row.price, written(text))}</span> : undefined}
      rightSectionWidth={80}
    />
  );
  const down = row.side === 'long';
  return (
    <Modal opened onClose={onClose} title={`${row.symbol}: stop, target and note`} centered closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit} className="form">
        <p className="note">
          {row.price == null ? 'It has no price yet.' : `Newest close ${price(row.price)} ${row.currency}${row.price_on ? ` of ${shortDate(row.price_on)}` : ''}.`}{' '}
          Nothing is sold by itself: the table marks it when the close reaches one.
        </p>
        {level('Stop', stop, setStop, down ? 'At or below it, you want out.' : 'A short: at or above it, you want out.')}
        {level('Target', target, setTarget, down ? 'At or above it, you have what you came for.' : 'A short: at or below it.')}
        <Textarea label="Note" maxLength={500} autosize minRows={2} maxRows={6} value={note} onChange={(e) => setNote(e.currentTarget.value)} />
        <RightNote right="write" what="You can look here, not change." />
        {edit.error && <p role="alert" className="form-error"><Said text={inFull(edit.error)} /></p>}
        <RightButton right="write" type="submit" loading={edit.isPending} disabled={wrong}>Save</RightButton>
      </form>
    </Modal>
  );
}

function readsAsPrice(text: string): boolean {
  return /^\d+(\.\d{1,8})?$/.test(text.trim()) && Number(text) > 0;
}

const written = (text: string): string | null => text.trim() || null;
