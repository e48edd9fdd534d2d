import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { domainsQuery } from '@/api/queries';
import { Waiting } from '@/ui/states';

/** Links to every board. */
export function BoardNav() {
  const { data, isPending } = useQuery(domainsQuery);
  return (
    <ul className="nav">
      <li><Link to="/" activeOptions={{ exact: true, includeSearch: false }}>All boards</Link></li>
      {isPending && <li><Waiting rows={8} height={28} /></li>}
      {data?.domains.map((domain) => (
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
