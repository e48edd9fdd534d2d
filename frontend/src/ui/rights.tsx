import { Button, type ButtonProps, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { type Right, useMay } from '@/api/session';
import { askLogin } from '@/lib/wish';

interface Props extends ButtonProps {
  right: Right;
  onClick?: () => void;
  type?: 'button' | 'submit';
  children: ReactNode;
  /** For screen readers, where the visible words need their row. */
  label?: string;
}

/** A button for those who may; for others it is there, does nothing and says why. */
export function RightButton({ right, onClick, type = 'button', children, label, ...look }: Props) {
  const { may, why } = useMay(right);
  if (may) {
    return <Button {...look} type={type} onClick={onClick} aria-label={label}>{children}</Button>;
  }
  return (
    <Tooltip label={why} multiline maw={280} events={{ hover: true, focus: true, touch: true }}>
      <Button
        {...look}
        type="button"
        data-disabled
        aria-disabled="true"
        aria-label={label}
        onClick={(event) => event.preventDefault()}
      >
        {children}
      </Button>
    </Tooltip>
  );
}

/** Why something cannot be done here, and what would change that. Nothing for those who may. */
export function RightNote({ right, what }: { right: Right; what: string }) {
  const { may, why, login } = useMay(right);
  if (may) return null;
  return (
    <p className="right-note">
      <svg viewBox="0 0 12 14" width="12" height="14" aria-hidden="true">
        <path d="M3 6V4a3 3 0 0 1 6 0v2h1v7H2V6zm1.4 0h3.2V4a1.6 1.6 0 0 0-3.2 0z" />
      </svg>
      <span>
        <b>{what}</b> {why}
        {login && <> <button type="button" className="plain" onClick={askLogin}>How to log in</button></>}
      </span>
    </p>
  );
}
