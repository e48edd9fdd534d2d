import { Kbd, Modal, Switch } from '@mantine/core';
import { enableKeys, useKeysEnabled } from '@/lib/keys';

const SHORTCUTS = [
  ['Ctrl K', 'Find a board, a symbol or a page'],
  ['j', 'Next row'],
  ['k', 'Row before'],
  ['Enter', 'Open the row'],
  ['/', 'Filter the table'],
  ['h', 'All boards'],
  ['?', 'This list'],
  ['Esc', 'Close'],
] as const;

export function ShortcutList({ onClose }: { onClose: () => void }) {
  const enabled = useKeysEnabled();
  return (
    <Modal opened onClose={onClose} title="Keyboard shortcuts" centered closeButtonProps={{ 'aria-label': 'Close' }}>
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
  );
}
