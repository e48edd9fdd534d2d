import { NativeSelect, TextInput } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import { type BoxFacts, changeBox, TOUCHED } from '@/api/boxes';
import { useChange } from '@/api/change';
import { inFull } from '@/ui/confirm';
import { RightButton, RightNote } from '@/ui/rights';
import { Said } from '@/ui/states';
import { type Fact, FACTS, factsOf, whatChanged } from './facts';

/** What a box is. */
export function FactsForm({ box }: { box: BoxFacts }) {
  const before = factsOf(box);
  const [facts, setFacts] = useState(before);
  const change = useChange(changeBox, TOUCHED);
  const changes = whatChanged(before, facts);
  const ready = Object.keys(changes).length > 0;
  const put = (name: Fact, value: string): void => setFacts((now) => ({ ...now, [name]: value }));
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (ready) change.mutate({ symbol: box.symbol, changes }, { onSuccess: (done) => setFacts(factsOf(done.box)) });
  };
  return (
    <form onSubmit={submit} className="card form" aria-labelledby="facts-of">
      <h2 id="facts-of">{box.name ? 'Change facts' : 'Name it'}</h2>
      <RightNote right="write" what="Changing facts is not for you." />
      <p className="note">Its symbol stays {box.symbol}. Later files do not change what you enter here; an empty field clears the fact.</p>
      <div className="in-row">
        {FACTS.map(([name, label, most, type]) => (
          <TextInput
            key={name}
            className={name === 'name' || name === 'image_url' ? 'broad' : undefined}
            label={label}
            type={type}
            maxLength={type === 'date' ? undefined : most}
            autoComplete="off"
            value={facts[name]}
            onChange={(event) => put(name, event.currentTarget.value)}
          />
        ))}
        <NativeSelect
          label="Reprint risk"
          value={facts.reprint_risk}
          data={[{ value: '', label: 'not known' }, 'low', 'medium', 'high']}
          onChange={(event) => put('reprint_risk', event.currentTarget.value)}
        />
      </div>
      {change.error && <p role="alert" className="form-error"><Said text={inFull(change.error)} /></p>}
      {change.data && !ready && <p role="status" className="done">{change.data.import_id ? 'It is changed.' : 'It was so already: nothing changed.'}</p>}
      <RightButton right="write" type="submit" loading={change.isPending} disabled={!ready}>Save</RightButton>
    </form>
  );
}
