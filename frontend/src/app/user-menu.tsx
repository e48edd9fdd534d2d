import { Button, Popover } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { usersQuery } from '@/api/accounts';
import { useChange } from '@/api/change';
import { logOut, type Session, useMay, useSession } from '@/api/session';
import { useEscape } from '@/lib/keys';
import { askLogin } from '@/lib/wish';

const MAY: Record<string, string> = {
  owner: 'may do everything, also add users',
  analyst: 'may read, and change boards, methods and prices',
  viewer: 'may read',
};

/** Who is reading: nobody yet, or a name with a role and the way out. */
export function UserMenu() {
  const session = useSession();
  if (!session) return null;
  if (session.via === 'open' || session.via === 'nobody') {
    return <button type="button" className="finder" onClick={askLogin}>Log in</button>;
  }
  return <Person session={session} />;
}

function Person({ session }: { session: Session }) {
  const [open, setOpen] = useState(false);
  useEscape(open, () => setOpen(false));
  const client = useQueryClient();
  const leave = useChange(logOut, ['session']);
  const role = session.role ?? '';
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" shadow="md" trapFocus returnFocus width={250}>
      <Popover.Target>
        <button
          type="button"
          className="icon person"
          onClick={() => setOpen(!open)}
          aria-label={`${session.name}, ${role}: your account`}
        >
          {session.name.slice(0, 1).toUpperCase()}
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Your account">
        <p className="who"><b>{session.name}</b> <span className="badge quiet">{role}</span></p>
        <p className="note">{MAY[role] ?? ''}</p>
        <ul className="nav">
          <li><Link to="/settings" onClick={() => setOpen(false)}>Settings</Link></li>
        </ul>
        <WayBack name={session.name} />
        <Button
          variant="default"
          size="sm"
          fullWidth
          mt="xs"
          loading={leave.isPending}
          onClick={() => leave.mutate(undefined, { onSuccess: () => void client.invalidateQueries() })}
        >
          Log out
        </Button>
        {leave.error && <p role="alert" className="form-error">{leave.error.message}</p>}
      </Popover.Dropdown>
    </Popover>
  );
}

/** Without a password one does not come back by oneself. Only an owner can see who has one. */
function WayBack({ name }: { name: string }) {
  const { may } = useMay('admin');
  const me = useQuery({ ...usersQuery, enabled: may }).data?.users.find((user) => user.name === name);
  if (may ? !me || me.has_password : false) return null;
  return (
    <p className="note">
      {me ? 'You have no password: once logged out,' : 'Without a password, once logged out,'} only{' '}
      <code>pacesetter user link {name}</code> lets you in again.
    </p>
  );
}
