import { Button, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useChange } from '@/api/change';
import { ApiError } from '@/api/client';
import { acceptBar, type Held, heldQuery } from '@/api/quarantine';
import { counted, instant, raw, shortDate, words } from '@/lib/format';
import { Confirm } from '@/ui/confirm';
import { RightButton, RightNote } from '@/ui/rights';
import { Empty, ErrorBox, Waiting } from '@/ui/states';
import { RepairDialog } from './repair-dialog';

const route = getRouteApi('/jobs');

const ODD: Record<string, string> = {
  stale: 'A halted or dead listing, or a source that repeats itself.',
  large_move: 'True after some news; wrong after a missed split or a slip of the source.',
  split_like: 'It has the ratio of a split that nobody announced.',
  level_shift: 'A new level of prices from here on.',
};

/** Prices that looked wrong and wait for a person. They count for nothing until somebody decides. */
export function HeldPrices() {
  const { symbol } = route.useSearch();
  const navigate = route.useNavigate();
  const asked = useInfiniteQuery(heldQuery(symbol));
  const rows = asked.data?.pages.flatMap((page) => page.rows) ?? [];
  const count = asked.data?.pages[0]?.count ?? 0;
  const [text, setText] = useState(symbol ?? '');
  const filter = useDebouncedCallback((value: string) => void navigate({ search: { show: 'held', ...(value && { symbol: value }) }, replace: true }), 300);
  const nowhere = asked.error instanceof ApiError && asked.error.status === 404;
  return (
    <>
      <div className="toolbar">
        <TextInput
          type="search"
          aria-label="Only this symbol"
          placeholder="Only this symbol"
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            filter(event.currentTarget.value.trim().toUpperCase());
          }}
        />
        <span className="count" role="status">{asked.data && !asked.error && `${counted(count, 'price')} held back`}</span>
      </div>
      <RightNote right="write" what="Deciding is not for you." />
      {nowhere && <Empty title={`No symbol ${symbol ?? ''}`}><p>{asked.error?.message}</p></Empty>}
      {asked.error && !nowhere && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {asked.isPending && <Waiting rows={6} height={64} />}
      {!asked.error && asked.data && rows.length === 0 && (
        <Empty title="Nothing is held back"><p>Every delivered price{symbol ? ` of ${symbol}` : ''} passed the checks, or was decided on.</p></Empty>
      )}
      {rows.length > 0 && !asked.error && (
        <>
          <dl className="card reasons">
            {[...new Map(rows.map((row) => [row.reason, row.because]))].map(([reason, because]) => (
              <div key={reason}>
                <dt>{because}</dt>
                <dd>{ODD[reason] ?? words(reason)}</dd>
              </div>
            ))}
          </dl>
          <ul className={`held-list${asked.isPlaceholderData ? ' fading' : ''}`}>
            {rows.map((row) => <HeldRow key={row.id} row={row} />)}
          </ul>
          {asked.hasNextPage && (
            <Button variant="default" loading={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>
              Show more ({rows.length} of {count})
            </Button>
          )}
        </>
      )}
    </>
  );
}

function HeldRow({ row }: { row: Held }) {
  const [doing, setDoing] = useState<'accept' | 'repair' | null>(null);
  const accept = useChange(acceptBar, ['quarantine', 'leaders', 'data-health']);
  const which = `${row.symbol}, ${shortDate(row.date)}`;
  return (
    <li className="card held-row">
      <div>
        <Link to="/symbols/$ticker" params={{ ticker: row.symbol }} data-row={`${row.symbol} ${row.date}`}>{row.symbol}</Link>
        <span className="note block">{shortDate(row.date)}</span>
      </div>
      <div>
        <b title={ODD[row.reason]}>{row.because}</b>
        {row.detail && row.detail !== row.because && <span> · {row.detail}</span>}
        <span className="note block">from {row.data_source}, fetched {instant(row.fetched_at)}</span>
      </div>
      <dl className="bar-figures">
        <div><dt>open</dt><dd>{raw(row.open)}</dd></div>
        <div><dt>high</dt><dd>{raw(row.high)}</dd></div>
        <div><dt>low</dt><dd>{raw(row.low)}</dd></div>
        <div><dt>close</dt><dd><b>{raw(row.close)}</b></dd></div>
        <div><dt>volume</dt><dd>{row.volume == null ? '–' : row.volume.toLocaleString('en-GB')}</dd></div>
      </dl>
      <div className="buttons">
        <RightButton right="write" variant="default" size="xs" onClick={() => setDoing('accept')} label={`Accept ${which}`}>Accept</RightButton>
        <RightButton right="write" variant="default" size="xs" onClick={() => setDoing('repair')} label={`Repair ${which}`}>Repair…</RightButton>
      </div>
      {doing === 'accept' && (
        <Confirm
          title={`Accept ${which}?`}
          act="Accept as it is"
          busy={accept.isPending}
          error={accept.error}
          onClose={() => setDoing(null)}
          onYes={() => accept.mutate({ symbol: row.symbol, day: row.date }, { onSuccess: () => setDoing(null) })}
        >
          <p>Close {raw(row.close)}, as {row.data_source} gave it, is taken to be true. The next cycle ranks again every session that it touches.</p>
          <p className="note">Your name and the time are kept with the decision.</p>
        </Confirm>
      )}
      {doing === 'repair' && <RepairDialog row={row} onClose={() => setDoing(null)} />}
    </li>
  );
}
