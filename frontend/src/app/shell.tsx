import { Burger } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { Banners } from './banners';
import { BoardNav, PlaceNav } from './board-nav';
import { Finder } from './finder';
import { LoginWish } from './login-wish';
import { SchemeSwitch } from './scheme-switch';
import { Shortcuts } from './shortcuts';
import { UserMenu } from './user-menu';

const SideDrawer = lazy(async () => ({ default: (await import('./side-drawer')).SideDrawer }));

/** What is around every page. */
export function Shell() {
  const [open, menu] = useDisclosure(false);
  const [used, setUsed] = useState(false); // the drawer stays once it was there, so that it can slide away
  const path = useRouterState({ select: (state) => state.location.pathname });
  useEffect(() => menu.close(), [path]); // eslint-disable-line react-hooks/exhaustive-deps
  const main = useRef<HTMLElement>(null);
  useFocusOnArrival(main, path);

  return (
    <>
      <a className="skip" href="#content">Skip to the content</a>
      <Banners />
      <header className="top">
        <Burger
          className="phone-only"
          opened={open}
          onClick={() => {
            setUsed(true);
            menu.toggle();
          }}
          size="sm"
          aria-label="Menu"
          aria-expanded={open}
        />
        <Link to="/" className="brand" aria-label="Pacesetter">
          <svg viewBox="0 0 16 16" width="20" height="20" aria-hidden="true">
            <path d="M1 15V9h4v6zM6 15V5h4v10zM11 15V1h4v14z" />
          </svg>{' '}
          <span>Pacesetter</span>
        </Link>
        <div className="tools">
          <Finder />
          <Shortcuts />
          <SchemeSwitch />
          <UserMenu />
        </div>
      </header>
      {used && <Suspense><SideDrawer opened={open} onClose={menu.close} /></Suspense>}
      <div className="body">
        <nav className="side" aria-label="Pages">
          <BoardNav />
          <PlaceNav />
        </nav>
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
      <LoginWish />
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
