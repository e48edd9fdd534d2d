import { Button, Modal, PasswordInput, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { useChange } from '@/api/change';
import { ApiError } from '@/api/client';
import { logIn, sessionQuery, useSession } from '@/api/session';
import { dropLogin } from '@/lib/wish';
import { Said } from '@/ui/states';

/** Over the page that wanted it, so that one goes on where one was. */
export function LoginDialog() {
  const session = useSession();
  const open = session?.via === 'open';
  return (
    <Modal
      opened
      onClose={() => dropLogin(false)}
      title={open ? 'How to get the right to change things' : 'Log in'}
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {open ? <NobodyYet /> : <Form />}
    </Modal>
  );
}

function Form() {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const client = useQueryClient();
  const enter = useChange(logIn, []);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    enter.mutate({ name: name.trim(), password }, {
      onSuccess: () => {
        dropLogin(true);
        void client.invalidateQueries(); // what was refused comes now, where one was
      },
    });
  };
  return (
    <form onSubmit={submit} className="form">
      <TextInput label="Name" autoComplete="username" required data-autofocus value={name} onChange={(e) => setName(e.currentTarget.value)} />
      <PasswordInput
        label="Password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(e) => setPassword(e.currentTarget.value)}
        visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
      />
      {enter.error && <p role="alert" className="form-error"><Said text={refused(enter.error)} /></p>}
      <Button type="submit" loading={enter.isPending} disabled={!name.trim() || !password}>Log in</Button>
      <p className="note">
        No password, or forgotten? On the machine where Pacesetter runs, <code>pacesetter user link NAME</code> prints a link
        that logs you in once; <code>pacesetter user password NAME</code> sets a new one.
      </p>
    </form>
  );
}

function refused(error: Error): string {
  if (error instanceof ApiError && error.status === 401) return 'Name or password is wrong.';
  return error instanceof ApiError && error.mend ? `${error.message} ${error.mend}` : error.message;
}

function NobodyYet() {
  const client = useQueryClient();
  const [asked, setAsked] = useState(false);
  return (
    <div className="form">
      <p>
        Pacesetter runs on this machine for you alone and has no user yet. <b>Reading is open.</b> Changing something needs an
        owner, which you become in one of two ways:
      </p>
      <ol className="steps">
        <li>
          Open the <b>one-time link</b> that <code>pacesetter up</code> printed when it started. It holds for ten minutes;
          started again, it prints a new one.
        </li>
        <li>
          Or in a terminal: <code>pacesetter user add NAME --role owner</code> asks for a password. Then log in here.
        </li>
      </ol>
      <Button
        variant="default"
        data-autofocus
        onClick={() => void client.refetchQueries(sessionQuery).then(() => setAsked(true))}
      >
        I have added one: log in
      </Button>
      {asked && <p role="status" className="note">There is still no user. The server notices a new one within three seconds.</p>}
    </div>
  );
}
