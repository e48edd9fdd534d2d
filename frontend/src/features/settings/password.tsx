import { PasswordInput } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import { useChange } from '@/api/change';
import { setPassword, useSession } from '@/api/session';
import { inFull } from '@/ui/confirm';
import { RightButton, RightNote } from '@/ui/rights';
import { Said } from '@/ui/states';

const LEAST = 12;

/** One's own password. */
export function Password() {
  const session = useSession();
  const [current, setCurrent] = useState('');
  const [fresh, setFresh] = useState('');
  const change = useChange(setPassword, ['session', 'users']);
  const eye = { visibilityToggleButtonProps: { 'aria-label': 'Show the password' } };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    change.mutate({ current: current || null, new: fresh }, {
      onSuccess: () => {
        setCurrent('');
        setFresh('');
      },
    });
  };
  return (
    <section className="card" aria-labelledby="password">
      <h2 id="password">Password</h2>
      <p className="about">Changing it ends all your other sessions.</p>
      <form onSubmit={submit} className="form">
        <input type="text" name="username" autoComplete="username" value={session?.name ?? ''} readOnly hidden />
        <PasswordInput {...eye} label="Present password" description="Leave empty if you came by a link and have none yet." autoComplete="current-password" value={current} onChange={(e) => setCurrent(e.currentTarget.value)} />
        <PasswordInput {...eye} label="New password" description={`At least ${LEAST} characters; a few unrelated words are good.`} autoComplete="new-password" value={fresh} onChange={(e) => setFresh(e.currentTarget.value)} />
        <RightNote right="account" what="There is no account to change." />
        {change.error && <p role="alert" className="form-error"><Said text={inFull(change.error)} /></p>}
        {change.isSuccess && !fresh && <p role="status" className="done">The password is changed.</p>}
        <RightButton right="account" type="submit" loading={change.isPending} disabled={fresh.length < LEAST}>Set the password</RightButton>
      </form>
    </section>
  );
}
