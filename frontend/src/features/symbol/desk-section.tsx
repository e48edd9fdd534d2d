import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { decisionsQuery } from '@/api/decisions';
import { convergenceQuery, opinionsQuery, signalsQuery } from '@/api/signals';
import { watchlistQuery } from '@/api/watchlist';
import { counted, decimals, percent, shortDate, words } from '@/lib/format';
import { firstSentence } from '@/lib/sentences';
import '@/styles/desk.css';

const FEW = 5;
const NIGHTS = 90;

/** What the desk knows of a symbol: signals, opinions, decisions, and what is waited for. */
export default function DeskSection({ ticker }: { ticker: string }) {
  const convergence = useQuery({ ...convergenceQuery(ticker), retry: false });
  const on = convergence.data?.on;
  const signals = useInfiniteQuery({ ...signalsQuery({ symbol: ticker, days: NIGHTS, ...(on && { on }) }), enabled: !convergence.isPending }).data?.pages[0]?.rows ?? [];
  const opinions = useQuery(opinionsQuery(ticker)).data?.rows ?? [];
  const decisions = useQuery(decisionsQuery({ symbol: ticker, limit: FEW })).data?.rows ?? [];
  const watches = useQuery(watchlistQuery(ticker)).data?.rows ?? [];
  const nothing = !signals.length && !opinions.length && !decisions.length && !watches.length;
  return (
    <section className="card symbol-desk" aria-labelledby="on-the-desk">
      <div className="card-head">
        <h2 id="on-the-desk">
          On the desk{' '}
          {convergence.data && convergence.data.score > 0 && (
            <span className="note">
              <Link to="/desk/queue/$ticker" params={{ ticker }}>signals come to {decimals(convergence.data.score, 1)}</Link>, {words(convergence.data.band)}, {shortDate(convergence.data.on)}
            </span>
          )}
        </h2>
        <Link to="/desk/watchlist" search={{ open: 'new', symbol: ticker }}>Watch it</Link>
      </div>
      {nothing && <p className="note">Nothing yet: no signal, no opinion, no decision, and nobody watches it.</p>}
      <ul className="log">
        {watches.map((one) => (
          <li key={one.id}>
            <span className="note">Watch</span>
            <span><Link to="/desk/watchlist" search={{ open: one.id }}>{one.words}</Link></span>
            <span className="note when">{one.status}</span>
          </li>
        ))}
        {decisions.map((one) => (
          <li key={one.id}>
            <span className="note">Decision</span>
            <span><Link to="/desk/decisions" search={{ symbol: ticker, show: 'all' }}>{title(one.action)}</Link>{one.conviction && `, ${one.conviction} conviction`} <span className="note">{one.why}</span></span>
            <span className="note when">{shortDate(one.decided_on)}{['BUY', 'SELL'].includes(one.action) && <span className="block">{one.status}</span>}</span>
          </li>
        ))}
        {opinions.map((one) => (
          <li key={one.id}>
            <span className="note">{title(one.analyst)}</span>
            <span><b>{title(one.recommendation)}</b> <span className="note">score {decimals(one.score, 0)}, {percent(one.confidence)} sure. {firstSentence(one.reasoning)}</span></span>
            <span className="note when">{shortDate(one.analysed_on)}</span>
          </li>
        ))}
        {signals.slice(0, FEW).map((one) => (
          <li key={`${one.signal_type} ${one.source} ${one.signal_on}`}>
            <span className="note">Signal</span>
            <span>{title(one.signal_type)}, {decimals(one.score, 1)} <span className="note">{one.taken_back ? 'taken back' : `${decimals(one.decayed, 1)} is left`}</span></span>
            <span className="note when">{shortDate(one.signal_on)}</span>
          </li>
        ))}
      </ul>
      {signals.length > FEW && <p><Link to="/desk/signals" search={{ symbol: ticker, days: '90' }}>All {counted(signals.length, 'signal')} of {NIGHTS} days</Link></p>}
    </section>
  );
}

/** `BUY` → `Buy`, `near_high` → `Near high`. */
function title(name: string): string {
  const said = words(name).toLowerCase();
  return said.charAt(0).toUpperCase() + said.slice(1);
}
