import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { portfoliosQuery } from '@/api/portfolios';
import { useLinkKeys } from '@/lib/keys';
import { RightNote } from '@/ui/rights';
import { ErrorBox, Waiting } from '@/ui/states';
import { useTitle } from '@/ui/use-title';
import { NewPortfolio } from './new-portfolio';
import { PortfolioList } from './portfolio-list';
import '@/styles/portfolio.css';

const route = getRouteApi('/portfolios');

/** Every portfolio with its value and how it does; and the way to a new one. */
export function PortfoliosPage() {
  const { edit } = route.useSearch();
  const asked = useQuery(portfoliosQuery);
  useTitle('Portfolios');
  useLinkKeys();
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Portfolios</h1>
          <p className="lead">What you own, what it is worth, what it earned and what moves it.</p>
        </div>
        {edit !== 'new' && <Link to="/portfolios" search={{ edit: 'new' }} className="button">New portfolio</Link>}
      </div>
      <RightNote right="write" what="You can look here, not change." />
      {edit === 'new' && <NewPortfolio />}
      {asked.error && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {asked.isPending && <Waiting rows={4} height={56} />}
      {asked.data && asked.data.rows.length > 0 && <PortfolioList rows={asked.data.rows} expected={asked.data.expected_session} />}
      {asked.data?.rows.length === 0 && edit !== 'new' && <Begin />}
    </>
  );
}

function Begin() {
  return (
    <section className="message">
      <h2>No portfolio yet</h2>
      <p>A portfolio is made from trades. There are two ways to begin:</p>
      <ol className="steps">
        <li>
          <b>With a file.</b> Make a portfolio, then choose the CSV file that your broker or spreadsheet gives you: one line a position, or one a
          trade. It is tried first, and every mistake is named with its line before anything is kept.
        </li>
        <li><b>By hand.</b> Make a portfolio, then enter what you bought.</li>
      </ol>
      <p>Symbols that are not known here yet are fetched by themselves; what is known shows at once.</p>
      <p className="buttons"><Link to="/portfolios" search={{ edit: 'new' }} className="button">Make the first portfolio</Link></p>
      <p className="note">From a terminal: <code>pacesetter portfolio import NAME FILE.csv</code></p>
    </section>
  );
}
