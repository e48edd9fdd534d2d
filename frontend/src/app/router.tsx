/** Every address of the dashboard. A page is one route here and one folder in features/. */

import { createRootRoute, createRoute, createRouter, Link, type RouterHistory } from '@tanstack/react-router';
import { BoardPage } from '@/features/board/board-page';
import { readBoardSearch } from '@/features/board/search';
import { HomePage } from '@/features/home/home-page';
import { readHomeSearch } from '@/features/home/search';
import { readSymbolSearch } from '@/features/symbol/search';
import { SymbolPage } from '@/features/symbol/symbol-page';
import { parseSearch, stringifySearch } from '@/lib/search';
import { Empty, ErrorBox } from '@/ui/states';
import { Shell } from './shell';

const root = createRootRoute({
  component: Shell,
  notFoundComponent: () => (
    <Empty title="There is no such page">
      <h1 className="hidden">Not found</h1>
      <p><Link to="/">All boards</Link> has links to everything. Ctrl-K finds boards and symbols.</p>
    </Empty>
  ),
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: readHomeSearch,
  component: HomePage,
});

const board = createRoute({
  getParentRoute: () => root,
  path: '/boards/$board',
  validateSearch: readBoardSearch,
  component: BoardPage,
});

const symbol = createRoute({
  getParentRoute: () => root,
  path: '/symbols/$ticker',
  validateSearch: readSymbolSearch,
  component: SymbolPage,
  remountDeps: ({ params }) => params,
});

export function makeRouter(history?: RouterHistory) {
  return createRouter({
    routeTree: root.addChildren([home, board, symbol]),
    ...(history && { history }),
    parseSearch,
    stringifySearch,
    scrollRestoration: true,
    defaultErrorComponent: ({ error, reset }) => (
      <ErrorBox error={error instanceof Error ? error : new Error(String(error))} again={reset} />
    ),
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
