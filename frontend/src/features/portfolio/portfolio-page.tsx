import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { portfolioQuery, type Snapshot } from '@/api/portfolios';
import { counted, shortDate } from '@/lib/format';
import { useLinkKeys } from '@/lib/keys';
import { PortfolioState } from '@/ui/portfolio-state';
import { ErrorBox, Waiting } from '@/ui/states';
import { useTitle } from '@/ui/use-title';
import { AttributionTab } from './attribution-tab';
import { EditPortfolio } from './edit-portfolio';
import { HoldingsTab } from './holdings-tab';
import { ImportsTab } from './imports-tab';
import { LeftOutSection } from './left-out-section';
import { OverviewTab } from './overview-tab';
import { RiskTab } from './risk-tab';
import { type Tab, TABS } from './search';
import { TradesTab } from './trades-tab';
import '@/styles/portfolio.css';

const route = getRouteApi('/portfolios/$portfolio');

/** One portfolio: worth, holdings, risk, where its result came from, and what it is made from. */
export function PortfolioPage() {
  const { portfolio: id } = route.useParams();
  const { tab = 'overview' } = route.useSearch();
  const asked = useQuery(portfolioQuery(id));
  const shown = asked.data;
  useTitle(shown?.name ?? 'Portfolio');
  useLinkKeys();
  return (
    <>
      <div className="page-head portfolio-head">
        <div>
          <p className="crumb"><Link to="/portfolios">Portfolios</Link></p>
          <h1>{shown?.name ?? 'Portfolio'}</h1>
          {shown && <Facts of={shown} />}
        </div>
        {shown && <EditPortfolio key={shown.name} of={shown} />}
      </div>
      {asked.error && !shown && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {asked.isPending && <Waiting rows={5} height={90} />}
      {shown && (
        <>
          <LeftOutSection id={id} leftOut={shown.left_out} brief={tab !== 'overview'} />
          <Parts open={tab} />
          <Part tab={tab} id={id} of={shown} />
        </>
      )}
    </>
  );
}

function Facts({ of }: { of: Snapshot }) {
  return (
    <div className="facts">
      <span><PortfolioState of={{ state: of.state, left_out: [] }} /></span>
      {of.metric_date && <span>prices of <b>{shortDate(of.metric_date)}</b></span>}
      <span>{counted(of.n_holdings, 'holding')}</span>
      <span>in {of.base_currency}</span>
      <span>
        compared with <Link to="/symbols/$ticker" params={{ ticker: of.benchmark }}>{of.benchmark}</Link>
      </span>
      {of.metric_date && of.stale && (
        <span className="badge">not current</span>
      )}
    </div>
  );
}

const NAMES: Record<Tab, string> = {
  overview: 'Overview',
  holdings: 'Holdings',
  risk: 'Risk',
  attribution: 'Where it came from',
  trades: 'Trades',
  imports: 'Imports',
};

function Parts({ open }: { open: Tab }) {
  return (
    <nav className="parts" aria-label="Parts of the portfolio">
      {TABS.map((tab) => (
        <Link
          key={tab}
          from="/portfolios/$portfolio"
          to="."
          search={(now) => ({ ...now, tab: tab === 'overview' ? undefined : tab })}
          resetScroll={false}
          className={tab === open ? 'open' : ''}
          aria-current={tab === open ? 'page' : undefined}
          activeProps={{}}
        >
          {NAMES[tab]}
        </Link>
      ))}
    </nav>
  );
}

function Part({ tab, id, of }: { tab: Tab; id: string; of: Snapshot }) {
  if (tab === 'trades') return <TradesTab id={id} of={of} />;
  if (tab === 'imports') return <ImportsTab id={id} of={of} />;
  if (of.state === 'empty' && tab !== 'holdings') return <Nothing />;
  if (tab === 'holdings') return <HoldingsTab id={id} of={of} />;
  if (tab === 'risk') return <RiskTab of={of} />;
  if (tab === 'attribution') return <AttributionTab of={of} />;
  return <OverviewTab id={id} of={of} />;
}

function Nothing() {
  return (
    <section className="message">
      <h2>Nothing to value yet</h2>
      <p>There is no trade of anything that has a price.</p>
      <p className="buttons">
        <Link from="/portfolios/$portfolio" to="." search={{ tab: 'imports' }} className="button">Import a file</Link>
        <Link from="/portfolios/$portfolio" to="." search={{ tab: 'trades' }}>Enter a trade</Link>
      </p>
    </section>
  );
}
