import { Kbd, Modal, Switch } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { enableKeys, useKeys, useKeysEnabled } from '@/lib/keys';

const SHORTCUTS = [
  ['Ctrl K', 'Find a board or symbol'],
  ['j', 'Next row'],
  ['k', 'Row before'],
  ['Enter', 'Open the row'],
  ['/', 'Filter the table'],
  ['h', 'All boards'],
  ['?', 'This list'],
  ['Esc', 'Close'],
] as const;

/** `?` opens the list of keys, where the single ones can be turned off. */
export function Shortcuts() {
  const [open, list] = useDisclosure(false);
  const enabled = useKeysEnabled();
  const navigate = useNavigate();
  useKeys({ '?': list.open, h: () => void navigate({ to: '/' }) });
  return (
    <>
      <button type="button" className="icon desk-only" onClick={list.open} aria-label="Keyboard shortcuts">?</button>
      <Modal opened={open} onClose={list.close} title="Keyboard shortcuts" centered closeButtonProps={{ 'aria-label': 'Close' }}>
        <dl className="keys">
          {SHORTCUTS.map(([key, does]) => (
            <div key={key}>
              <dt><Kbd>{key}</Kbd></dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
        <Switch label="Single keys (j, k, /, h, ?)" checked={enabled} onChange={(event) => enableKeys(event.currentTarget.checked)} />
      </Modal>
    </>
  );
}
