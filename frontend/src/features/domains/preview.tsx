import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type Preview, previewQuery, type Wanted } from '@/api/domains';
import { counted, shortDate } from '@/lib/format';
import { inFull } from '@/ui/confirm';
import { Said, Waiting } from '@/ui/states';

const SHOWN = 60;

/** Who would be on the board, as one types. */
export function BoardPreview({ wanted }: { wanted: Wanted }) {
  const [settled] = useDebouncedValue(wanted, 300);
  const empty = settled.symbols.length === 0 && !settled.rule;
  const asked = useQuery({ ...previewQuery(settled), enabled: !empty });
  return (
    <section className="preview" aria-labelledby="preview">
      <h3 id="preview">Preview</h3>
      {empty && <p className="note">Who would be on the board is shown here as you type.</p>}
      {!empty && asked.error && <p role="alert" className="form-error"><Said text={inFull(asked.error)} /></p>}
      {!empty && asked.isPending && <Waiting rows={3} height={24} />}
      {!empty && asked.data && !asked.error && <Sorted seen={asked.data} fading={asked.isPlaceholderData} />}
    </section>
  );
}

function Sorted({ seen, fading }: { seen: Preview; fading: boolean }) {
  const priced = seen.members.filter((one) => one.priced_until);
  const without = seen.members.filter((one) => !one.priced_until).map((one) => one.symbol);
  return (
    <div className={fading ? 'fading' : ''}>
      <p role="status"><b>{counted(seen.members.length + seen.unknown.length, 'member')}</b>{priced.length > 0 && `, ${priced.length} with prices`}</p>
      <Named mark="✕" kind="bad" title="Cannot be a symbol" who={seen.unreadable} said="Mend or take these away: the board would be refused." />
      <Named mark="✕" kind="bad" title="Of another kind" who={seen.other_kind} said="A board holds one kind only: stocks or funds." />
      <Named mark="?" kind="warn" title="Not known here" who={seen.unknown} said="They join the board and stand unranked until there are prices of them. A misspelling?" />
      <Named mark="!" kind="warn" title="Without prices" who={without} said="Known, but unranked until there are prices." />
      <ul className="chips">
        {priced.slice(0, SHOWN).map((one) => (
          <li key={one.symbol} title={`${one.name ?? one.symbol}, prices until ${one.priced_until ? shortDate(one.priced_until) : ''}`}>{one.symbol}</li>
        ))}
        {priced.length > SHOWN && <li className="more">and {priced.length - SHOWN} more</li>}
      </ul>
      {seen.members.length + seen.unknown.length === 0 && <p className="note">Nothing fits. Sectors come with <code>pacesetter import symbols FILE</code>.</p>}
    </div>
  );
}

interface NamedProps {
  mark: string;
  kind: 'bad' | 'warn';
  title: string;
  who: string[];
  said: string;
}

function Named({ mark, kind, title, who, said }: NamedProps) {
  if (!who.length) return null;
  return (
    <p className={`named ${kind}`}>
      <span aria-hidden="true">{mark}</span> <b>{title}:</b> {who.slice(0, SHOWN).join(', ')}
      {who.length > SHOWN && ` and ${who.length - SHOWN} more`}. <span className="note">{said}</span>
    </p>
  );
}
