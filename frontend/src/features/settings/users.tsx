import { Badge, NativeSelect, PasswordInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { addUser, changeUser, type Role, type User, usersQuery } from '@/api/accounts';
import { useChange } from '@/api/change';
import { useMay, useSession } from '@/api/session';
import { instant } from '@/lib/format';
import { Confirm, inFull } from '@/ui/confirm';
import { RightButton, RightNote } from '@/ui/rights';
import { ErrorBox, Said, Waiting } from '@/ui/states';

const ROLES: { value: Role; label: string }[] = [
  { value: 'viewer', label: 'viewer: reads' },
  { value: 'analyst', label: 'analyst: reads and changes' },
  { value: 'owner', label: 'owner: everything' },
];

/** Who may come in, for owners. */
export function Users() {
  const { may } = useMay('admin');
  const asked = useQuery({ ...usersQuery, enabled: may });
  const active = asked.data?.users.filter((user) => user.is_active) ?? [];
  const gone = asked.data?.users.filter((user) => !user.is_active) ?? [];
  return (
    <section className="card" aria-labelledby="users">
      <h2 id="users">Users</h2>
      <p className="about">A viewer reads, an analyst also changes boards, methods and prices, an owner does everything.</p>
      {asked.error && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {may && asked.isPending && <Waiting rows={2} height={36} />}
      {active.length > 0 && <ul className="log">{active.map((user) => <UserRow key={user.name} user={user} />)}</ul>}
      {gone.length > 0 && <p className="note">Removed: {gone.map((user) => user.name).join(', ')}. Adding one of the name again takes them in.</p>}
      <AddUser />
    </section>
  );
}

function UserRow({ user }: { user: User }) {
  const me = useSession()?.name === user.name;
  const [role, setRole] = useState<Role | null>(null);
  const [removing, setRemoving] = useState(false);
  const change = useChange(changeUser, ['users', 'session']);
  const close = (): void => {
    setRole(null);
    setRemoving(false);
    change.reset();
  };
  return (
    <li className="two">
      <span>
        <b>{user.name}</b> {me && <Badge size="xs" variant="default">you</Badge>}
        <span className="note block">
          {user.last_login_at ? `last here ${instant(user.last_login_at)}` : 'never here'}{!user.has_password && ' · no password: comes in by a link'}
        </span>
      </span>
      <span className="buttons">
        <NativeSelect size="xs" aria-label={`Role of ${user.name}`} value={user.role} data={ROLES.map((one) => one.value)} onChange={(e) => setRole(e.currentTarget.value as Role)} />
        <RightButton right="admin" variant="default" size="xs" onClick={() => setRemoving(true)} label={`Deactivate ${user.name}`}>Deactivate…</RightButton>
      </span>
      {role && (
        <Confirm title={`${user.name}: from ${user.role} to ${role}?`} act="Change the role" busy={change.isPending} error={change.error} onClose={close} onYes={() => change.mutate({ name: user.name, role }, { onSuccess: close })}>
          <p>It holds from now on, also for their keys.</p>
        </Confirm>
      )}
      {removing && (
        <Confirm title={`Deactivate ${user.name}?`} act="Deactivate" danger busy={change.isPending} error={change.error} onClose={close} onYes={() => change.mutate({ name: user.name, is_active: false }, { onSuccess: close })}>
          <p>Their sessions end and their keys are revoked. What they decided stays, under their name.</p>
        </Confirm>
      )}
    </li>
  );
}

function AddUser() {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [password, setPassword] = useState('');
  const add = useChange(addUser, ['users']);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    add.mutate({ name: name.trim(), role, password: password || null }, {
      onSuccess: () => {
        setName('');
        setPassword('');
      },
    });
  };
  return (
    <form onSubmit={submit} className="form topped">
      <h3>Add a user</h3>
      <div className="in-row">
        <TextInput label="Name" autoComplete="off" maxLength={80} value={name} onChange={(e) => setName(e.currentTarget.value)} />
        <NativeSelect label="Role" value={role} data={ROLES} onChange={(e) => setRole(e.currentTarget.value as Role)} />
      </div>
      <PasswordInput
        label="Password (may stay empty)"
        description={<>At least 12 characters. Empty: <code>pacesetter user link</code> prints a link that lets them in once.</>}
        autoComplete="new-password"
        value={password}
        onChange={(e) => setPassword(e.currentTarget.value)}
        visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
      />
      <RightNote right="admin" what="Users are for owners." />
      {add.error && <p role="alert" className="form-error"><Said text={inFull(add.error)} /></p>}
      {add.data && !name && <p role="status" className="done">{add.data.name} may come in as {add.data.role}.</p>}
      <RightButton right="admin" type="submit" loading={add.isPending} disabled={!name.trim()}>Add</RightButton>
    </form>
  );
}
