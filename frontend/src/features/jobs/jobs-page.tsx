import { SegmentedControl } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { isOpen, jobsQuery } from '@/api/jobs';
import { heldQuery } from '@/api/quarantine';
import { useTitle } from '@/ui/use-title';
import { Batches } from './batches';
import { Freshness } from './freshness';
import { HeldPrices } from './held-prices';
import type { View } from './search';
import { Work } from './work';

const route = getRouteApi('/jobs');

/** What is being done, how fresh the data is, and which prices wait for a decision. */
export function JobsPage() {
  const { show = 'work' } = route.useSearch();
  const navigate = route.useNavigate();
  const running = useQuery(jobsQuery).data?.rows.filter(isOpen).length ?? 0;
  const held = useInfiniteQuery(heldQuery()).data?.pages[0]?.count ?? 0;
  useTitle('Jobs & data');
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Jobs &amp; data</h1>
          <p className="lead">Where ranks come from: the work that makes them, and the prices that they are made of.</p>
          <p className="facts"><Link to="/onboarding">Symbols that were asked for</Link></p>
        </div>
        <SegmentedControl
          aria-label="What is shown"
          value={show}
          data={[
            { value: 'work', label: running ? `Work (${running})` : 'Work' },
            { value: 'batch', label: 'Batch' },
            { value: 'fresh', label: 'Freshness' },
            { value: 'held', label: held ? `Held back (${held})` : 'Held back' },
          ]}
          onChange={(value) => void navigate({ search: value === 'work' ? {} : { show: value as View } })}
        />
      </div>
      {show === 'work' && <Work />}
      {show === 'batch' && <Batches />}
      {show === 'fresh' && <Freshness />}
      {show === 'held' && <HeldPrices />}
    </>
  );
}
