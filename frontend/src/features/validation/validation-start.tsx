import { useQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import { domainsQuery } from '@/api/queries';
import { Empty, ErrorBox, Waiting } from '@/ui/states';
import { useTitle } from '@/ui/use-title';

/** Without a board in the address: the first there is. */
export function ValidationStart() {
  const { data, error, refetch } = useQuery(domainsQuery);
  useTitle('Validation');
  const first = data?.domains.toSorted((a, b) => b.members.length - a.members.length)[0];
  if (first) return <Navigate to="/validation/$board" params={{ board: first.slug }} replace />;
  return (
    <>
      <h1>Validation</h1>
      {error ? <ErrorBox error={error} again={() => void refetch()} /> : data ? <Empty title="No board"><p>There is none to look at.</p></Empty> : <Waiting rows={5} height={56} />}
    </>
  );
}
