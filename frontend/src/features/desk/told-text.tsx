import type { Opinion } from '@/api/signals';
import { counted, sentence } from '@/lib/format';
import { partsOf } from './told-words';

type Told = NonNullable<Opinion['told']>;
type Checked = NonNullable<Told['thesis']>;

/** What a language model added to an opinion: what did not recompute is struck out, with the reason. */
export function ToldText({ told }: { told: Told }) {
  const texts = [told.thesis, told.would_change].filter((one) => one !== null);
  const struck = texts.flatMap((one) => one.struck);
  const kept = texts.reduce((sum, one) => sum + one.kept.length, 0);
  if (!texts.length) return <p className="note">No text of a language model: {told.reason ?? 'it gave none'}.</p>;
  return (
    <div className="told">
      <h5>In the words of {told.model ?? 'a language model'}</h5>
      {told.thesis && <p><Struck text={told.thesis} /></p>}
      {told.would_change && <p><b>What would change it:</b> <Struck text={told.would_change} /></p>}
      <p className="note">{counted(kept, 'figure')} recomputed from what is stored, {struck.length} struck out. It has no vote.</p>
      {struck.length > 0 && <ul className="plain-lines note">{struck.map((one) => <li key={`${one.start} ${one.text}`}>“{one.text}”: {sentence(one.reason ?? 'it does not recompute')}</li>)}</ul>}
    </div>
  );
}

function Struck({ text: { text } }: { text: Checked }) {
  return partsOf(text).map((part, i) => (part.struck ? <del key={i}>{part.text}</del> : part.text));
}
