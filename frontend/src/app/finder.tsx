import { Kbd } from '@mantine/core';
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { catchKeys } from '@/lib/keys';

const IDLE_MS = 2_000; // after the page has what it needs itself
const fetchDialog = () => import('./finder-dialog');
const preload = (): void => void fetchDialog().catch(() => undefined); // asked again when it is wanted
const FinderDialog = lazy(async () => ({ default: (await fetchDialog()).FinderDialog }));

/** Ctrl-K, and the button for it. What is typed before the dialog is there goes into its field, and nowhere else. */
export function Finder() {
  const [asked, setAsked] = useState(0);
  const [query, setQuery] = useState('');
  const release = useRef<(() => void) | null>(null);
  const ready = useCallback(() => {
    release.current?.();
    release.current = null;
  }, []);
  const open = useCallback(() => {
    setAsked((times) => times + 1);
    if (document.activeElement?.closest('.mantine-Spotlight-content')) return; // it is open
    release.current ??= catchKeys(setQuery, () => {
      ready();
      setQuery('');
      setAsked(0);
    });
    fetchDialog().catch(ready);
  }, [ready]);
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (['Control', 'Meta'].includes(event.key)) preload();
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      open();
    };
    document.addEventListener('keydown', listen);
    const idle = setTimeout(preload, IDLE_MS);
    return () => {
      document.removeEventListener('keydown', listen);
      clearTimeout(idle);
      ready();
    };
  }, [open, ready]);
  return (
    <>
      <button
        type="button"
        className="finder"
        onClick={open}
        onPointerEnter={preload}
        aria-keyshortcuts="Control+K Meta+K"
      >
        <span aria-hidden="true">⌕</span> <span>Find<span className="desk-only"> a board or symbol</span></span>
        <span className="desk-only" aria-hidden="true"><Kbd size="xs">Ctrl K</Kbd></span>
      </button>
      {asked > 0 && <Suspense><FinderDialog asked={asked} query={query} onQuery={setQuery} onReady={ready} /></Suspense>}
    </>
  );
}
