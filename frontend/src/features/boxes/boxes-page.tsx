import { useMediaQuery } from '@mantine/hooks';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type Boxes, boxesQuery, boxMarketQuery } from '@/api/boxes';
import { counted, longDate, shortDate } from '@/lib/format';
import { ErrorBox, Remarks, Waiting } from '@/ui/states';
import { useTitle } from '@/ui/use-title';
import { BoxRows, inWords } from './box-rows';
import { DayPicker } from './day-picker';
import { MarketStrip } from './market-strip';
import { NoBoxes } from './no-boxes';
import type { BoxesSearch } from './search';
import { readBoxSort } from './sorting';
import '@/styles/boxes.css';

const route = getRouteApi('/boxes');

/** Sealed boxes by rank or by any measure, and the market of all of them. */
export function BoxesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const phone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const { on, sort, game, q } = search;
  const sorting = useMemo(() => readBoxSort(sort), [sort]);
  const question = useMemo(
    () => ({ on, sort: sorting.id, order: sorting.desc ? ('desc' as const) : ('asc' as const), game, search: q }),
    [on, sorting, game, q],
  );
  const asked = useInfiniteQuery(boxesQuery(question));
  const market = useQuery(boxMarketQuery());
  const days = useMemo(() => market.data?.rows.map((row) => row.date).reverse() ?? [], [market.data]);
  const change = (next: Partial<BoxesSearch>): void => void navigate({ search: (now) => ({ ...now, ...next }), replace: true });
  const here = market.data !== undefined || market.error !== null; // what comes above the table comes with it
  const first = here ? asked.data?.pages[0] : undefined;
  const nothing = first?.as_of === null;
  useTitle('Boxes');
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Boxes</h1>
          <p className="lead">Sealed boxes, ranked by what is sold of them.</p>
          <Facts first={first} />
        </div>
        {!nothing && <DayPicker days={days} shown={on ?? first?.as_of ?? null} usual={market.data?.as_of ?? null} onPick={(day) => change({ on: day })} />}
      </div>
      {first && !on && <Stale first={first} />}
      {asked.error && (
        <>
          <ErrorBox error={asked.error} again={() => void asked.refetch()} />
          {on && <p className="message-foot"><button type="button" className="plain" onClick={() => change({ on: undefined })}>Show the newest day</button></p>}
        </>
      )}
      {nothing && !asked.error && <NoBoxes />}
      {first && !nothing && !asked.error && <MarketStrip on={on} over={search.over ?? '7'} onOver={(over) => change({ over: over === '7' ? undefined : over })} phone={phone} />}
      {!first && !asked.error && <Waiting rows={16} height={56} />}
      {first && !nothing && !asked.error && (
        <BoxRows
          pages={asked.data?.pages ?? []}
          question={question}
          sorting={sorting}
          search={search}
          phone={phone}
          fading={asked.isPlaceholderData}
          onMore={asked.hasNextPage && !asked.isFetching ? () => void asked.fetchNextPage() : undefined}
          onChange={change}
        />
      )}
    </>
  );
}

function Facts({ first }: { first: Boxes | undefined }) {
  if (first === undefined) return <p className="facts"><span>&nbsp;</span></p>; // its place is kept
  if (first.as_of === null) return null;
  return (
    <p className="facts">
      <span>Figures of <b>{longDate(first.as_of)}</b></span>
      {first.previous_on && <span>changes of rank since {shortDate(first.previous_on)}</span>}
      <span>{inWords(first.ranked, first.observed)} ranked</span>
      {first.source && <span>source: {first.source}</span>}
    </p>
  );
}

/** Collectors buy every day: figures of days ago are not current. */
function Stale({ first }: { first: Boxes }) {
  const { as_of: day, stale, stale_sessions: days, remarks } = first;
  if (!day) return null;
  return (
    <Remarks remarks={remarks}>
      {stale && days !== null && (
        <p>
          <span aria-hidden="true">⚠</span> <b>Not current:</b> the newest ranks are of {shortDate(day)}; {counted(days, 'day')} could have come since.
        </p>
      )}
    </Remarks>
  );
}
