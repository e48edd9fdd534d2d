import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useLinkKeys } from '@/lib/keys';
import { useTitle } from '@/ui/use-title';
import '@/styles/portfolio.css';
import '@/styles/desk.css';

const PARTS = [
  ['/desk', 'Today'],
  ['/desk/decisions', 'Decisions'],
  ['/desk/queue', 'Queue'],
  ['/desk/signals', 'Signals'],
  ['/desk/watchlist', 'Watchlist'],
  ['/desk/agents', 'Agents'],
  ['/desk/log', 'Log'],
] as const;

interface Props {
  title: string;
  /** A sentence on what is here. */
  lead?: ReactNode;
  /** Beside the title. */
  tools?: ReactNode;
  children: ReactNode;
}

/** What is around each page of the desk: its parts, and its title. */
export function DeskFrame({ title, lead, tools, children }: Props) {
  useTitle(title === 'Desk' ? 'Desk' : `${title} · Desk`);
  useLinkKeys();
  return (
    <div className="desk">
      <div className="page-head">
        <div>
          <h1>{title}</h1>
          {lead && <div className="lead">{lead}</div>}
        </div>
        {tools}
      </div>
      <nav className="parts" aria-label="Parts of the desk">
        {PARTS.map(([to, name]) => (
          <Link key={to} to={to} activeOptions={{ exact: to === '/desk', includeSearch: false }} activeProps={{ className: 'open' }}>
            {name}
          </Link>
        ))}
      </nav>
      {children}
    </div>
  );
}
