import { Button, SegmentedControl } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { isOpen, onboardingsQuery, type Status } from '@/api/onboarding';
import { counted } from '@/lib/format';
import { useLinkKeys } from '@/lib/keys';
import { Empty, ErrorBox, Waiting } from '@/ui/states';
import { useTitle } from '@/ui/use-title';
import { AskForm } from './ask-form';
import { Queue } from './queue';
import '@/styles/symbol-work.css';

const route = getRouteApi('/onboarding');

const SHOWN = [
  { value: 'all', label: 'All' },
  { value: 'pending', label: 'Waiting' },
  { value: 'processing', label: 'Under way' },
  { value: 'failed', label: 'Failed' },
  { value: 'completed', label: 'Ready' },
];

/** Ask for symbols that are not known yet, and see how far each is. */
export function OnboardingPage() {
  const { status, symbols } = route.useSearch();
  const navigate = route.useNavigate();
  const asked = useInfiniteQuery(onboardingsQuery(status));
  const jobs = asked.data?.pages.flatMap((page) => page.rows) ?? [];
  const count = asked.data?.pages[0]?.count ?? 0;
  const ready = jobs.filter((job) => job.status === 'completed').length;
  useTitle('Add symbols');
  useLinkKeys();
  useWhatTheyTouch(ready);
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Add symbols</h1>
          <p className="lead">Ask for symbols that are not known yet: they are described, priced and measured, and then can be ranked and held.</p>
          <p className="facts"><Link to="/jobs">Jobs &amp; data</Link></p>
        </div>
      </div>
      <AskForm key={symbols} symbols={symbols} />
      <div className="card-head">
        <h2>Asked for</h2>
        <SegmentedControl
          size="xs"
          aria-label="Which are shown"
          value={status ?? 'all'}
          data={SHOWN}
          onChange={(value) => void navigate({ search: (now) => ({ ...now, status: value === 'all' ? undefined : (value as Status) }), replace: true })}
        />
      </div>
      <p className="note" role="status">{asked.data && !asked.error && soFar(count, jobs.filter(isOpen).length)}</p>
      {asked.error && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {asked.isPending && <Waiting rows={4} height={72} />}
      {asked.data && !asked.error && !jobs.length && <Nothing status={status} />}
      {!asked.error && jobs.length > 0 && (
        <div className={asked.isPlaceholderData ? 'fading' : ''}>
          <Queue jobs={jobs} />
          {asked.hasNextPage && (
            <Button variant="default" loading={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>
              Show more ({jobs.length} of {count})
            </Button>
          )}
        </div>
      )}
    </>
  );
}

const soFar = (count: number, open: number): string =>
  count ? `${counted(count, 'request')}${open ? `, ${open.toLocaleString('en-GB')} under way; this page follows by itself` : ''}.` : '';

function Nothing({ status }: { status: Status | undefined }) {
  if (status) return <Empty title="None in this state"><p>“All” shows every symbol that was asked for.</p></Empty>;
  return (
    <Empty title="Nothing was asked for yet">
      <p>Type symbols above, or on the command line: <code>pacesetter onboard NVDA VOD.L</code>.</p>
    </Empty>
  );
}

/** Once a symbol is ready, what other pages know is old. */
function useWhatTheyTouch(ready: number): void {
  const client = useQueryClient();
  const before = useRef(ready);
  useEffect(() => {
    const more = ready > before.current;
    before.current = ready;
    if (more) for (const noun of ['known-symbols', 'daily-metrics', 'sectors']) void client.invalidateQueries({ queryKey: [noun] });
  }, [ready, client]);
}
