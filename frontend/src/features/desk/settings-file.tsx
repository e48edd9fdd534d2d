import { Button, Textarea } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import { exportAgents, importAgents, TOUCHED } from '@/api/agents';
import { useChange } from '@/api/change';
import { download } from '@/lib/csv';
import { counted } from '@/lib/format';
import { inFull } from '@/ui/confirm';
import { RightButton } from '@/ui/rights';
import { Said } from '@/ui/states';
import { ChangeList } from './change-list';

/** All settings as a file, and back. */
export function SettingsFile() {
  const [text, setText] = useState('');
  const save = useChange(exportAgents, []);
  const look = useChange(importAgents, []);
  const take = useChange(importAgents, TOUCHED);
  const error = save.error ?? look.error ?? take.error;
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    take.reset();
    if (text.trim()) look.mutate({ text, dry_run: true });
  };
  return (
    <section className="card" aria-labelledby="settings-file">
      <h2 id="settings-file">Settings as a file</h2>
      <p className="about">To keep, or to carry to another Pacesetter. Agents that are not in a file stay as they are.</p>
      <p className="buttons"><Button variant="default" size="xs" loading={save.isPending} onClick={() => save.mutate(undefined, { onSuccess: (file) => download('agents.toml', file.text) })}>Export</Button></p>
      <form className="form topped" onSubmit={submit}>
        <Textarea
          label="Import: the text of a file"
          autosize
          minRows={3}
          maxRows={14}
          maxLength={200_000}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            look.reset();
            take.reset();
          }}
        />
        {error && <p role="alert" className="form-error"><Said text={inFull(error)} /></p>}
        {look.data && !take.data && <ChangeList rows={look.data.rows} />}
        {take.data && <p role="status" className="done">{counted(take.data.changed, 'agent')} changed.</p>}
        <div className="buttons">
          <Button type="submit" variant="default" size="xs" loading={look.isPending} disabled={!text.trim()}>What would change</Button>
          {look.data && look.data.changed > 0 && !take.data && (
            <RightButton right="write" size="xs" loading={take.isPending} onClick={() => take.mutate({ text, dry_run: false })}>Set it</RightButton>
          )}
        </div>
      </form>
    </section>
  );
}
