import type { Result } from '@/api/client';
import { words } from '@/lib/format';
import { title } from './desk-words';

type Change = Result<'post', '/api/v1/agents/import'>['rows'][number];

/** What settings of agents change, line by line. */
export function ChangeList({ rows }: { rows: Change[] }) {
  const changed = rows.filter((one) => one.changed);
  if (!changed.length) return <p>Everything is set so already.</p>;
  return (
    <ul className="change-list">
      {changed.map((one) => <li key={one.agent}><b>{title(one.agent)}</b>: {differences(one).join(', ')}</li>)}
    </ul>
  );
}

function differences({ before, after }: Change): string[] {
  const found: string[] = [];
  if (before.enabled !== after.enabled) found.push(after.enabled ? 'goes on' : 'goes off');
  if (before.weight !== after.weight) found.push(`weight ${before.weight} → ${after.weight}`);
  for (const [name, value] of Object.entries(after.parameters)) {
    if (before.parameters[name] !== value) found.push(`${words(name)} ${before.parameters[name] ?? 'none'} → ${value ?? 'none'}`);
  }
  return found;
}
