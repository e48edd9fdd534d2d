import { Burger, Drawer } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { Banners } from './banners';
import { BoardNav } from './board-nav';
import { Finder, FinderButton } from './finder';
import { SchemeSwitch } from './scheme-switch';
import { Shortcuts } from './shortcuts';

/** What is around every page. */
export function Shell() {
  const [open, menu] = useDisclosure(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  useEffect(() => menu.close(), [path]); // eslint-disable-line react-hooks/exhaustive-deps
  const main = useRef<HTMLElement>(null);
  useFocusOnArrival(main, path);

  return (
    <>
      <a className="skip" href="#content">Skip to the content</a>
      <Banners />
      <header className="top">
        <Burger className="phone-only" opened={open} onClick={menu.toggle} size="sm" aria-label="Boards" aria-expanded={open} />
        <Link to="/" className="brand">
          <svg viewBox="0 0 16 16" width="20" height="20" aria-hidden="true">
            <path d="M1 15V9h4v6zM6 15V5h4v10zM11 15V1h4v14z" />
          </svg>{' '}
          Pacesetter
        </Link>
        <div className="tools">
          <FinderButton />
          <Shortcuts />
          <SchemeSwitch />
        </div>
      </header>
      <Drawer opened={open} onClose={menu.close} title="Boards" size="xs" closeButtonProps={{ 'aria-label': 'Close' }}>
        <BoardNav />
      </Drawer>
      <div className="body">
        <nav className="side" aria-label="Boards"><BoardNav /></nav>
        <main id="content" ref={main} tabIndex={-1}><Outlet /></main>
      </div>
      <footer>
        <p>
          Figures for programs: <a href="/api/v1/rankings">rankings</a>, <a href="/api/v1/domains">boards</a>,{' '}
          <a href="/api/v1/health/ready">health</a>, <a href="/api/v1/openapi.json">description</a>. Nothing here is
          investment advice.
        </p>
        <p>
          Charts: Lightweight Charts™, © <a href="https://www.tradingview.com/" rel="noreferrer">TradingView</a>, Inc.
        </p>
      </footer>
      <Finder />
    </>
  );
}

/** After a link was followed, the keyboard and the screen reader start at the new page, not at its end. */
function useFocusOnArrival(main: React.RefObject<HTMLElement | null>, path: string): void {
  const before = useRef(path);
  useEffect(() => {
    if (before.current !== path) main.current?.focus({ preventScroll: true });
    before.current = path;
  }, [path, main]);
}
