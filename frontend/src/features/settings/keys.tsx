import { Button, Checkbox, CopyButton, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { addKey, type Key, keysQuery, type NewKey, revokeKey, type Scope } from '@/api/accounts';
import { useChange } from '@/api/change';
import { useMay, useSession } from '@/api/session';
import { instant } from '@/lib/format';
import { Confirm, inFull } from '@/ui/confirm';
import { RightButton, RightNote } from '@/ui/rights';
import { ErrorBox, Said, Waiting } from '@/ui/states';

const DAYS = [['30', '30 days'], ['90', '90 days'], ['365', 'a year'], ['', 'until revoked']] as const;
const SCOPES: [Scope, string][] = [
  ['read', 'read what is published'],
  ['write', 'change boards, methods and prices, start jobs'],
  ['admin', 'manage users'],
];

/** Keys for programs: made once, shown once, revoked at any time. */
export function Keys() {
  const { may } = useMay('account');
  const asked = useQuery({ ...keysQuery, enabled: may });
  const live = asked.data?.keys.filter((key) => !key.revoked_at) ?? [];
  return (
    <section className="card" aria-labelledby="keys">
      <h2 id="keys">API keys</h2>
      <p className="about">For notebooks and programs: <code>Authorization: Bearer KEY</code>. A key can do at most what you may.</p>
      {asked.error && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {may && asked.isPending && <Waiting rows={2} height={36} />}
      {live.length > 0 && <ul className="log">{live.map((key) => <KeyRow key={key.id} item={key} />)}</ul>}
      {asked.data && live.length === 0 && <p className="note">You have no key.</p>}
      <AddKey />
    </section>
  );
}

function KeyRow({ item }: { item: Key }) {
  const [sure, setSure] = useState(false);
  const revoke = useChange(revokeKey, ['keys']);
  return (
    <li className="two">
      <span>
        <b>{item.name}</b> <code>{item.prefix}…</code>
        <span className="note block">
          may {item.scopes.join(', ')} · {item.last_used_at ? `used ${instant(item.last_used_at)}` : 'never used'} · {item.expires_at ? `until ${instant(item.expires_at)}` : 'no end'}
        </span>
      </span>
      <RightButton right="account" variant="default" size="xs" onClick={() => setSure(true)} label={`Revoke ${item.name}`}>Revoke…</RightButton>
      {sure && (
        <Confirm title={`Revoke ${item.name}?`} act="Revoke" danger busy={revoke.isPending} error={revoke.error} onClose={() => setSure(false)} onYes={() => revoke.mutate(item.id, { onSuccess: () => setSure(false) })}>
          <p>Programs that use it are refused from now on. It cannot be taken back.</p>
        </Confirm>
      )}
    </li>
  );
}

function AddKey() {
  const [name, setName] = useState('');
  const [days, setDays] = useState('90');
  const [scopes, setScopes] = useState<Scope[]>(['read']);
  const permissions = useSession()?.permissions ?? [];
  const add = useChange(addKey, ['keys']);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    add.mutate({ name: name.trim(), scopes, days: days ? Number(days) : null }, { onSuccess: () => setName('') });
  };
  if (add.data) return <Shown made={add.data} done={() => add.reset()} />;
  return (
    <form onSubmit={submit} className="form topped">
      <h3>New key</h3>
      <div className="in-row">
        <TextInput label="What for" placeholder="notebook" maxLength={80} value={name} onChange={(e) => setName(e.currentTarget.value)} />
        <NativeSelect label="Holds for" value={days} onChange={(e) => setDays(e.currentTarget.value)} data={DAYS.map(([value, label]) => ({ value, label }))} />
      </div>
      <Checkbox.Group label="It may" value={scopes} onChange={(given) => setScopes(given)}>
        {SCOPES.map(([scope, does]) => (
          <Checkbox
            key={scope}
            value={scope}
            mt={6}
            disabled={scope === 'read' || !permissions.includes(scope)}
            label={<>{does}{scope !== 'read' && !permissions.includes(scope) && <span className="note"> (your role may not)</span>}</>}
          />
        ))}
      </Checkbox.Group>
      <RightNote right="account" what="Keys belong to an account." />
      {add.error && <p role="alert" className="form-error"><Said text={inFull(add.error)} /></p>}
      <RightButton right="account" type="submit" loading={add.isPending} disabled={!name.trim()}>Make a key</RightButton>
    </form>
  );
}

function Shown({ made, done }: { made: NewKey; done: () => void }) {
  return (
    <div className="secret topped" role="status">
      <h3>{made.name}: copy it now</h3>
      <p>It is shown this once and stored nowhere: only its hash is.</p>
      <code className="secret-text" data-testid="new-key">{made.key}</code>
      <div className="buttons">
        <CopyButton value={made.key}>
          {({ copied, copy }) => <Button onClick={copy}>{copied ? 'Copied' : 'Copy'}</Button>}
        </CopyButton>
        <Button variant="default" onClick={done}>I have it</Button>
      </div>
    </div>
  );
}
