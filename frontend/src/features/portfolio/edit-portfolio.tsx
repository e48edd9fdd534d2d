import { Modal, TextInput } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { type SyntheticEvent, useState } from 'react';
import { useChange } from '@/api/change';
import { changePortfolio, removePortfolio, type Snapshot, TOUCHED } from '@/api/portfolios';
import { Confirm, inFull } from '@/ui/confirm';
import { RightButton } from '@/ui/rights';
import { Said } from '@/ui/states';

const route = getRouteApi('/portfolios/$portfolio');

/** Name, currency and benchmark; and the end of it. */
export function EditPortfolio({ of }: { of: Snapshot }) {
  const [doing, setDoing] = useState<'change' | 'remove' | null>(null);
  const remove = useChange(removePortfolio, ['portfolios']);
  const navigate = route.useNavigate();
  const close = (): void => setDoing(null);
  return (
    <div className="buttons head-buttons">
      <RightButton right="write" variant="default" onClick={() => setDoing('change')}>Change…</RightButton>
      <RightButton right="write" variant="default" color="red" onClick={() => setDoing('remove')}>Remove…</RightButton>
      {doing === 'change' && <ChangeDialog of={of} onClose={close} />}
      {doing === 'remove' && (
        <Confirm
          title={`Remove ${of.name}?`}
          act="Remove"
          danger
          busy={remove.isPending}
          error={remove.error}
          onClose={close}
          onYes={() => remove.mutate(of.id, { onSuccess: () => void navigate({ to: '/portfolios' }) })}
        >
          <p>Its trades, stops and notes are no longer shown anywhere. Prices and symbols that came with it stay.</p>
        </Confirm>
      )}
    </div>
  );
}

function ChangeDialog({ of, onClose }: { of: Snapshot; onClose: () => void }) {
  const [name, setName] = useState(of.name);
  const [currency, setCurrency] = useState(of.base_currency);
  const [benchmark, setBenchmark] = useState(of.benchmark);
  const change = useChange(changePortfolio, TOUCHED);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const benchmarked = benchmark.trim().toUpperCase();
    change.mutate(
      {
        id: of.id,
        ...(name.trim() !== of.name && { name: name.trim() }),
        ...(currency !== of.base_currency && { base_currency: currency }),
        ...(benchmarked !== of.benchmark && { benchmark: benchmarked || null }),
      },
      { onSuccess: onClose },
    );
  };
  return (
    <Modal opened onClose={onClose} title="Change the portfolio" centered closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit} className="form">
        <TextInput label="Name" required maxLength={80} data-autofocus value={name} onChange={(e) => setName(e.currentTarget.value)} />
        <TextInput label="Base currency" description="All values and returns are computed anew in it." required maxLength={3} value={currency} onChange={(e) => setCurrency(e.currentTarget.value.toUpperCase())} />
        <TextInput label="Benchmark" description="A known symbol; empty: the market’s." maxLength={32} value={benchmark} onChange={(e) => setBenchmark(e.currentTarget.value)} />
        {change.error && <p role="alert" className="form-error"><Said text={inFull(change.error)} /></p>}
        <RightButton right="write" type="submit" loading={change.isPending} disabled={name.trim() === '' || !/^[A-Z]{3}$/.test(currency)}>Save</RightButton>
      </form>
    </Modal>
  );
}
