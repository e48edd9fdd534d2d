/** Something in a page wants the reader to log in; the frame around the pages shows the dialog. */

import { useSyncExternalStore } from 'react';

let wished = false;
let declined = false;
const listeners = new Set<() => void>();

function set(next: boolean): void {
  if (wished === next) return;
  wished = next;
  listeners.forEach((listener) => listener());
}

/** Asked for by the reader. */
export const askLogin = (): void => set(true);

/** Wanted by the server: once, then only when the reader asks. */
export function wantLogin(): void {
  if (!declined) set(true);
}

export function dropLogin(loggedIn: boolean): void {
  declined = !loggedIn;
  set(false);
}

export function useLoginWished(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => wished,
  );
}
