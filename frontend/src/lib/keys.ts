/** Single-key shortcuts: never while somebody types, and they can be turned off (WCAG 2.1.4). */

import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';

const STORED = 'pacesetter-keys';
const listeners = new Set<() => void>();

function stored(): boolean {
  try {
    return localStorage.getItem(STORED) !== 'off';
  } catch {
    return true; // storage is forbidden
  }
}

let enabled = stored();

export function enableKeys(on: boolean): void {
  enabled = on;
  try {
    localStorage.setItem(STORED, on ? 'on' : 'off');
  } catch {
    // it then holds until the page is left
  }
  listeners.forEach((listener) => listener());
}

export function useKeysEnabled(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => enabled,
  );
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** Calls `keys[event.key]` for a key pressed alone, outside of fields and dialogs. */
export function useKeys(keys: Record<string, () => void>): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (!enabled || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (typing(event.target) || document.querySelector('[role="dialog"]')) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => press(event);
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}

/** Escape closes what is open from anywhere: the focus comes into what a button opens a moment after that is shown. */
export function useEscape(open: boolean, close: () => void): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.key === 'Escape') close();
  });
  useEffect(() => {
    if (!open) return;
    const listen = (event: KeyboardEvent): void => press(event);
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [open]);
}

/** Until it is released, no key acts on the page: letters are kept as text, Escape gives up. */
export function catchKeys(type: (change: (before: string) => string) => void, giveUp: () => void): () => void {
  const listen = (event: KeyboardEvent): void => {
    const { key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (key.length > 1 && !['Backspace', 'Enter', 'Escape'].includes(key)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (key === 'Escape') giveUp();
    else if (key === 'Backspace') type((before) => before.slice(0, -1));
    else if (key !== 'Enter') type((before) => before + key);
  };
  window.addEventListener('keydown', listen, true); // before anything else that listens
  return () => window.removeEventListener('keydown', listen, true);
}

/** j and k move the focus along every `a[data-row]` inside `main`, in the order of the page; Enter is the link's own. */
export function useLinkKeys(): void {
  const move = (step: number): void => {
    const links = [...document.querySelectorAll<HTMLElement>('main a[data-row]')];
    const at = links.findIndex((link) => link === document.activeElement);
    const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1);
    links[next]?.focus();
  };
  useKeys({ j: () => move(1), k: () => move(-1) });
}
