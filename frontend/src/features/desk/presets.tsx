import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { applyPreset, presetsQuery, TOUCHED } from '@/api/agents';
import { useChange } from '@/api/change';
import { counted } from '@/lib/format';
import { Confirm } from '@/ui/confirm';
import { RightButton } from '@/ui/rights';
import { ChangeList } from './change-list';
import { title } from './desk-words';

/** Settings of all agents under a name; what one would change is shown before it does. */
export function Presets() {
  const rows = useQuery(presetsQuery).data?.rows ?? [];
  const [chosen, setChosen] = useState<string>();
  const look = useChange(applyPreset, []);
  const apply = useChange(applyPreset, TOUCHED);
  const open = (name: string): void => {
    apply.reset();
    setChosen(name);
    look.mutate({ name, dry_run: true });
  };
  if (!rows.length) return null;
  return (
    <section className="card" aria-labelledby="presets">
      <h2 id="presets">Presets</h2>
      <p className="about">Set all agents at once. You see what changes before it does.</p>
      <ul className="preset-list">
        {rows.map((one) => (
          <li key={one.name}>
            <RightButton right="write" variant="default" size="xs" onClick={() => open(one.name)} label={`Preset ${title(one.name)}`}>{title(one.name)}…</RightButton>
            <span className="note">{one.title}</span>
          </li>
        ))}
      </ul>
      {apply.data && !chosen && <p role="status" className="done">{counted(apply.data.changed, 'agent')} changed.</p>}
      {chosen && (
        <Confirm
          title={`Preset “${title(chosen)}”`}
          act={look.data?.changed === 0 ? 'Nothing to change' : 'Set it'}
          busy={apply.isPending || look.isPending}
          error={apply.error ?? look.error}
          onClose={() => setChosen(undefined)}
          onYes={() => (look.data?.changed ? apply.mutate({ name: chosen, dry_run: false }, { onSuccess: () => setChosen(undefined) }) : setChosen(undefined))}
        >
          {look.data && <ChangeList rows={look.data.rows} />}
        </Confirm>
      )}
    </section>
  );
}
