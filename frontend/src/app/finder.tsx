import { Kbd } from '@mantine/core';
import { lazy, Suspense, useEffect, useState } from 'react';

const fetchDialog = () => import('./finder-dialog');
const FinderDialog = lazy(async () => ({ default: (await fetchDialog()).FinderDialog }));

/** Ctrl-K, and the button for it. The dialog is fetched when a finger is on its way to it. */
export function Finder() {
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (['Control', 'Meta'].includes(event.key)) void fetchDialog();
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      setAsked((times) => times + 1);
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
  return (
    <>
      <button
        type="button"
        className="finder"
        onClick={() => setAsked(asked + 1)}
        onPointerEnter={() => void fetchDialog()}
        aria-keyshortcuts="Control+K Meta+K"
      >
        <span aria-hidden="true">⌕</span> <span>Find<span className="desk-only"> a board or symbol</span></span>
        <span className="desk-only" aria-hidden="true"><Kbd size="xs">Ctrl K</Kbd></span>
      </button>
      {asked > 0 && <Suspense><FinderDialog asked={asked} /></Suspense>}
    </>
  );
}
