/** Every address of the dashboard. A page is one route here and one folder in features/. */

import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Link, redirect, type RouterHistory } from '@tanstack/react-router';
import { readBoardSearch } from '@/features/board/search';
import { readBoxSearch } from '@/features/box/search';
import { readBoxesSearch } from '@/features/boxes/search';
import { readCompareSearch } from '@/features/compare/search';
import { readDecisionsSearch, readLogSearch, readQueueSearch, readSignalsSearch, readTodaySearch, readWatchlistSearch } from '@/features/desk/search';
import { readDomainsSearch } from '@/features/domains/search';
import { readHomeSearch } from '@/features/home/search';
import { readJobsSearch } from '@/features/jobs/search';
import { readOnboardingSearch } from '@/features/onboarding/search';
import { readPortfolioSearch } from '@/features/portfolio/search';
import { readPortfoliosSearch } from '@/features/portfolios/search';
import { readScreenerSearch } from '@/features/screener/search';
import { readSymbolSearch } from '@/features/symbol/search';
import { readValidationSearch } from '@/features/validation/search';
import { readWhatIfSearch } from '@/features/what-if/search';
import { only, parseSearch, type ReadSearch, stringifySearch } from '@/lib/search';
import { Empty, Waiting } from '@/ui/states';
import { PageFailed } from './page-failed';
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
  component: lazyRouteComponent(() => import('@/features/home/home-page'), 'HomePage'),
});

const board = createRoute({
  getParentRoute: () => root,
  path: '/boards/$board',
  validateSearch: readBoardSearch,
  beforeLoad: ({ params, search: { on } }) => {
    if (params.board === 'boxes') redirect({ to: '/boxes', search: on ? { on } : {}, replace: true, throw: true }); // it has a page of its own
  },
  component: lazyRouteComponent(() => import('@/features/board/board-page'), 'BoardPage'),
});

const symbol = createRoute({
  getParentRoute: () => root,
  path: '/symbols/$ticker',
  validateSearch: readSymbolSearch,
  component: lazyRouteComponent(() => import('@/features/symbol/symbol-page'), 'SymbolPage'),
  remountDeps: ({ params }) => params,
});

const boxes = createRoute({
  getParentRoute: () => root,
  path: '/boxes',
  validateSearch: readBoxesSearch,
  component: lazyRouteComponent(() => import('@/features/boxes/boxes-page'), 'BoxesPage'),
});

const box = createRoute({
  getParentRoute: () => root,
  path: '/boxes/$symbol',
  validateSearch: readBoxSearch,
  component: lazyRouteComponent(() => import('@/features/box/box-page'), 'BoxPage'),
  remountDeps: ({ params }) => params,
});

const compare = createRoute({
  getParentRoute: () => root,
  path: '/compare',
  validateSearch: readCompareSearch,
  component: lazyRouteComponent(() => import('@/features/compare/compare-page'), 'ComparePage'),
});

const whatIf = createRoute({
  getParentRoute: () => root,
  path: '/what-if',
  validateSearch: readWhatIfSearch,
  component: lazyRouteComponent(() => import('@/features/what-if/what-if-page'), 'WhatIfPage'),
});

const validationStart = createRoute({
  getParentRoute: () => root,
  path: '/validation',
  component: lazyRouteComponent(() => import('@/features/validation/validation-start'), 'ValidationStart'),
});

const validation = createRoute({
  getParentRoute: () => root,
  path: '/validation/$board',
  validateSearch: readValidationSearch,
  component: lazyRouteComponent(() => import('@/features/validation/validation-page'), 'ValidationPage'),
});

const domains = createRoute({
  getParentRoute: () => root,
  path: '/domains',
  validateSearch: readDomainsSearch,
  component: lazyRouteComponent(() => import('@/features/domains/domains-page'), 'DomainsPage'),
});

const jobs = createRoute({
  getParentRoute: () => root,
  path: '/jobs',
  validateSearch: readJobsSearch,
  component: lazyRouteComponent(() => import('@/features/jobs/jobs-page'), 'JobsPage'),
});

const screener = createRoute({
  getParentRoute: () => root,
  path: '/screener',
  validateSearch: readScreenerSearch,
  component: lazyRouteComponent(() => import('@/features/screener/screener-page'), 'ScreenerPage'),
});

const onboarding = createRoute({
  getParentRoute: () => root,
  path: '/onboarding',
  validateSearch: readOnboardingSearch,
  component: lazyRouteComponent(() => import('@/features/onboarding/onboarding-page'), 'OnboardingPage'),
});

const portfolios = createRoute({
  getParentRoute: () => root,
  path: '/portfolios',
  validateSearch: readPortfoliosSearch,
  component: lazyRouteComponent(() => import('@/features/portfolios/portfolios-page'), 'PortfoliosPage'),
});

const portfolio = createRoute({
  getParentRoute: () => root,
  path: '/portfolios/$portfolio',
  validateSearch: readPortfolioSearch,
  component: lazyRouteComponent(() => import('@/features/portfolio/portfolio-page'), 'PortfolioPage'),
  remountDeps: ({ params }) => params,
});

const desk = createRoute({
  getParentRoute: () => root,
  path: '/desk',
  validateSearch: readTodaySearch,
  component: lazyRouteComponent(() => import('@/features/desk/today-page'), 'TodayPage'),
});

const deskDecisions = createRoute({
  getParentRoute: () => root,
  path: '/desk/decisions',
  validateSearch: readDecisionsSearch,
  component: lazyRouteComponent(() => import('@/features/desk/decisions-page'), 'DecisionsPage'),
});

const deskQueue = createRoute({
  getParentRoute: () => root,
  path: '/desk/queue',
  validateSearch: readQueueSearch,
  component: lazyRouteComponent(() => import('@/features/desk/queue-page'), 'QueuePage'),
});

const deskConvergence = createRoute({
  getParentRoute: () => root,
  path: '/desk/queue/$ticker',
  validateSearch: readTodaySearch,
  component: lazyRouteComponent(() => import('@/features/desk/convergence-page'), 'ConvergencePage'),
  remountDeps: ({ params }) => params,
});

const deskSignals = createRoute({
  getParentRoute: () => root,
  path: '/desk/signals',
  validateSearch: readSignalsSearch,
  component: lazyRouteComponent(() => import('@/features/desk/signals-page'), 'SignalsPage'),
});

const deskWatchlist = createRoute({
  getParentRoute: () => root,
  path: '/desk/watchlist',
  validateSearch: readWatchlistSearch,
  component: lazyRouteComponent(() => import('@/features/desk/watchlist-page'), 'WatchlistPage'),
});

const deskAgents = createRoute({
  getParentRoute: () => root,
  path: '/desk/agents',
  component: lazyRouteComponent(() => import('@/features/desk/agents-page'), 'AgentsPage'),
});

const deskAgent = createRoute({
  getParentRoute: () => root,
  path: '/desk/agents/$agent',
  component: lazyRouteComponent(() => import('@/features/desk/agent-page'), 'AgentPage'),
  remountDeps: ({ params }) => params,
});

const deskLog = createRoute({
  getParentRoute: () => root,
  path: '/desk/log',
  validateSearch: readLogSearch,
  component: lazyRouteComponent(() => import('@/features/desk/log-page'), 'LogPage'),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('@/features/settings/settings-page'), 'SettingsPage'),
});

const pages = [
  home, board, symbol, boxes, box, screener, portfolios, portfolio, compare, whatIf, validationStart, validation, domains, onboarding, jobs, settings,
  desk, deskDecisions, deskQueue, deskConvergence, deskSignals, deskWatchlist, deskAgents, deskAgent, deskLog,
] as const;

// Wrapped here and not above: the types of a page's search come from its own reader.
for (const { options } of pages as unknown as readonly { options: { validateSearch?: ReadSearch } }[]) {
  if (options.validateSearch) options.validateSearch = only(options.validateSearch);
}

export function makeRouter(history?: RouterHistory) {
  return createRouter({
    routeTree: root.addChildren(pages),
    ...(history && { history }),
    parseSearch,
    stringifySearch,
    scrollRestoration: true,
    defaultPreload: 'intent',
    defaultPendingComponent: () => <Waiting rows={6} height={56} />,
    defaultErrorComponent: ({ error, reset }) => <PageFailed error={error} reset={reset} />,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
