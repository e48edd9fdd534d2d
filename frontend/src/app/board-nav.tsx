import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { domainsQuery } from '@/api/queries';
import { Waiting } from '@/ui/states';
import { PLACES } from './places';

const OWN_PAGE = 'boxes'; // among the other pages

/** Links to every board. */
export function BoardNav() {
  const { data, isPending } = useQuery(domainsQuery);
  return (
    <ul className="nav">
      <li><Link to="/" activeOptions={{ exact: true, includeSearch: false }}>All boards</Link></li>
      {isPending && <li><Waiting rows={8} height={28} /></li>}
      {data?.domains.filter(({ slug }) => slug !== OWN_PAGE).map((domain) => (
        <li key={domain.slug}>
          <Link to="/boards/$board" params={{ board: domain.slug }} activeOptions={{ includeSearch: false }}>
            {domain.name}
            <span className="note">{domain.members.length}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** Links to everything else. */
export function PlaceNav() {
  return (
    <ul className="nav places">
      {PLACES.map(({ to, label }) => (
        <li key={to}><Link to={to} activeOptions={{ includeSearch: false }}>{label}</Link></li>
      ))}
    </ul>
  );
}
