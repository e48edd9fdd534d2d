import { Modal, TextInput } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import { useChange } from '@/api/change';
import { newKey } from '@/api/client';
import { type Method, saveMethod } from '@/api/methods';
import { words } from '@/lib/format';
import { inFull } from '@/ui/confirm';
import { RightButton, RightNote } from '@/ui/rights';
import { Said } from '@/ui/states';
import { methodToml, percents, type Weights } from './weights';

const NAME = /^[a-z0-9][a-z0-9_-]*$/;

interface Props {
  method: Method;
  weights: Weights;
  onClose: () => void;
}

/** Keep the weights as a method: a new one, or the next version of one of one's own. */
export function SaveMethod({ method, weights, onClose }: Props) {
  const [name, setName] = useState(method.is_shipped ? `my-${method.name}` : method.name);
  const [key] = useState(newKey);
  const save = useChange(saveMethod, ['methods', 'domains', 'what-if']);
  const own = name === method.name;
  const wrong = name !== '' && !NAME.test(name);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (!name || wrong) return;
    const title = own ? method.title : `${name}: ${method.factors.length} factors of ${method.name}, weights of one’s own`;
    save.mutate({ toml: methodToml(method, name, title, weights), key });
  };
  if (save.data) return <Saved made={save.data} onClose={onClose} />;
  return (
    <Modal opened onClose={onClose} title="Save as a method" centered closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit} className="form" noValidate>
        <TextInput
          label="Name of the method"
          description="Small letters, digits and hyphens. A name of your own that exists gets a next version; what ranked before stays as it was."
          required
          data-autofocus
          error={wrong && 'Only small letters, digits, hyphens and underscores, beginning with a letter or a digit.'}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <p className="note">
          {Object.entries(percents(weights) ?? {}).map(([factor, share]) => `${words(factor)} ${share} %`).join(', ')}
        </p>
        <RightNote right="write" what="Saving is not for you." />
        {save.error && <p role="alert" className="form-error"><Said text={inFull(save.error)} /></p>}
        <RightButton right="write" type="submit" loading={save.isPending} disabled={!name || wrong}>Save</RightButton>
      </form>
    </Modal>
  );
}

function Saved({ made, onClose }: { made: { name: string; version: number; changed: boolean; boards: string[] }; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="Saved" centered closeButtonProps={{ 'aria-label': 'Close' }}>
      <p role="status">
        {made.changed ? <><b>{made.name} v{made.version}</b> is kept.</> : <><b>{made.name} v{made.version}</b> already has these weights.</>}
      </p>
      {made.boards.length ? (
        <p>The next cycle ranks {made.boards.join(', ')} by it.</p>
      ) : (
        <p>No board is ranked by it yet. “Boards of your own” gives a board another method; any board can be looked at by it with <code>?method={made.name}</code>.</p>
      )}
    </Modal>
  );
}
