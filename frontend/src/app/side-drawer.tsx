import { Drawer } from '@mantine/core';
import { BoardNav, PlaceNav } from './board-nav';

/** The menu on a phone. */
export function SideDrawer({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Drawer opened={opened} onClose={onClose} title="Pacesetter" size="xs" closeButtonProps={{ 'aria-label': 'Close' }}>
      <nav aria-label="Menu">
        <PlaceNav />
        <h2 className="nav-head">Boards</h2>
        <BoardNav />
      </nav>
    </Drawer>
  );
}
