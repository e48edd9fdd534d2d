import { useDisclosure } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useKeys } from '@/lib/keys';

const ShortcutList = lazy(async () => ({ default: (await import('./shortcut-list')).ShortcutList }));

/** `?` opens the list of keys, where the single ones can be turned off. */
export function Shortcuts() {
  const [open, list] = useDisclosure(false);
  const navigate = useNavigate();
  useKeys({ '?': list.open, h: () => void navigate({ to: '/' }) });
  return (
    <>
      <button type="button" className="icon desk-only" onClick={list.open} aria-label="Keyboard shortcuts">?</button>
      {open && <Suspense><ShortcutList onClose={list.close} /></Suspense>}
    </>
  );
}
