import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { Said } from './states';

interface Props {
  title: string;
  /** The word on the button. */
  act: string;
  danger?: boolean;
  busy: boolean;
  error: Error | null;
  onYes: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** What is about to happen, before it does. */
export function Confirm({ title, act, danger, busy, error, onYes, onClose, children }: Props) {
  return (
    <Modal opened onClose={onClose} title={title} centered closeButtonProps={{ 'aria-label': 'Close' }}>
      {children}
      {error && <p role="alert" className="form-error"><Said text={inFull(error)} /></p>}
      <div className="buttons end">
        <Button variant="default" onClick={onClose}>Cancel</Button>
        <Button {...(danger && { color: 'red.9' })} loading={busy} onClick={onYes} data-autofocus>{act}</Button>
      </div>
    </Modal>
  );
}

/** An error with what mends it, in one line. */
export function inFull(error: Error): string {
  const mend = 'mend' in error && typeof error.mend === 'string' ? error.mend : '';
  return mend ? `${error.message}: ${mend}` : error.message;
}
