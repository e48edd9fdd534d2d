import { SegmentedControl } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { convergencesQuery, type QueueEntry, queueQuery } from '@/api/signals';
import { counted, decimals, longDate, shortDate, signed } from '@/lib/format';
import { ScoreBar } from '@/ui/score-bar';
import { Empty, ErrorBox, Waiting } from '@/ui/states';
import { Band } from './band';
import { DeskFrame } from './desk-frame';
import { bandName, QUEUE_ENDS, title } from './desk-words';
import type { QueueSearch } from './search';

const route = getRouteApi('/desk/queue');

/** Who waits to be looked at, who left, and every symbol that has a signal. */
export function QueuePage() {
  const { show } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <DeskFrame
      title="Research queue"
      lead={<p>Signals of a symbol add up, and fade. Where enough come together, it waits here until it is strong enough for the analysts.</p>}
      tools={
        <SegmentedControl
          aria-label="What is shown"
          value={show ?? 'open'}
          data={[{ value: 'open', label: 'Waiting' }, { value: 'left', label: 'Left' }, { value: 'all', label: 'All with signals' }]}
          onChange={(value) => void navigate({ search: value === 'open' ? {} : { show: value as NonNullable<QueueSearch['show']> } })}
        />
      }
    >
      {show === 'all' ? <Converging /> : <Entries state={show === 'left' ? 'left' : 'open'} />}
    </DeskFrame>
  );
}

function Entries({ state }: { state: 'open' | 'left' }) {
  const asked = useQuery(queueQuery(state));
  const { data } = asked;
  if (asked.error) return <ErrorBox error={asked.error} again={() => void asked.refetch()} />;
  if (!data) return <Waiting rows={8} height={40} />;
  if (!data.rows.length) {
    return (
      <Empty title={state === 'open' ? 'Nobody waits' : 'Nobody left the queue yet'}>
        <p>A symbol enters once its signals come to {decimals(data.enter_at, 0)}, and goes on to the analysts at {decimals(data.promote_at, 0)}.</p>
        <p><Link to="/desk/queue" search={{ show: 'all' }}>Every symbol with a signal</Link></p>
      </Empty>
    );
  }
  return (
    <section className="card table-card" aria-labelledby="queue">
      <h2 id="queue" className="table-title">
        {state === 'open' ? counted(data.count, 'symbol waits', 'symbols wait') : `${counted(data.count, 'symbol')} left, the last first`}
        <span className="note">enters at {decimals(data.enter_at, 0)}, goes on at {decimals(data.promote_at, 0)}, at most {data.most_entries} wait</span>
      </h2>
      <Table
        head={
          <>
            <th scope="col">Symbol</th>
            <th scope="col" className="score-col">Score</th>
            <th scope="col" className="number phone-gone">When it came</th>
            <th scope="col">{state === 'open' ? 'Band' : 'How it left'}</th>
            <th scope="col" className="phone-gone">{state === 'open' ? 'Waits since' : 'Left on'}</th>
            <th scope="col" className="desk-only">From</th>
          </>
        }
        label="Research queue"
      >
        {data.rows.map((row) => <EntryRow key={row.id} row={row} />)}
      </Table>
    </section>
  );
}

function EntryRow({ row }: { row: QueueEntry }) {
  const waits = row.status === 'queued';
  return (
    <tr>
      <SymbolHead symbol={row.symbol} name={row.name} on={row.scored_on} />
      <td><ScoreBar score={row.score} /></td>
      <td className="number phone-gone">{decimals(row.entry_score, 1)} <span className="note">{signed(row.score - row.entry_score, 1)}</span></td>
      <td>{waits ? <Band band={row.breakdown.band} /> : <><span className="block">{QUEUE_ENDS[row.status] ?? row.status}</span>{row.reason && <span className="note">{row.reason}</span>}</>}</td>
      <td className="phone-gone nowrap">{waits ? shortDate(row.entered_on) : row.left_on && shortDate(row.left_on)} <span className="note block">{row.days_waited > 0 ? counted(row.days_waited, 'day') : 'the same day'}</span></td>
      <td className="desk-only note">{row.breakdown.kinds.map(title).join(', ') || 'nothing any more'}</td>
    </tr>
  );
}

function Converging() {
  const asked = useInfiniteQuery(convergencesQuery);
  const first = asked.data?.pages[0];
  const rows = asked.data?.pages.flatMap((page) => page.rows) ?? [];
  if (asked.error) return <ErrorBox error={asked.error} again={() => void asked.refetch()} />;
  if (!first) return <Waiting rows={10} height={40} />;
  if (!rows.length) return <Empty title="No symbol has a signal"><p>Each night looks for them. <Link to="/desk">Today</Link> says when the last one was.</p></Empty>;
  return (
    <section className="card table-card" aria-labelledby="converging">
      <h2 id="converging" className="table-title">
        {counted(first.count, 'symbol')} with signals
        <span className="note">{first.as_of && longDate(first.as_of)}; {Object.entries(first.bands).filter(([, n]) => n > 0).map(([band, n]) => `${n} ${bandName(band).toLowerCase()}`).join(', ')}</span>
      </h2>
      <Table
        head={
          <>
            <th scope="col">Symbol</th>
            <th scope="col" className="score-col">Score</th>
            <th scope="col">Band</th>
            <th scope="col" className="number phone-gone">Signals</th>
            <th scope="col" className="number desk-only">Sum × regime × sector × bonus</th>
            <th scope="col" className="desk-only">From</th>
          </>
        }
        label="Symbols with signals"
      >
        {rows.map((row) => (
          <tr key={row.symbol}>
            <SymbolHead symbol={row.symbol} name={row.name} />
            <td><ScoreBar score={row.score} /></td>
            <td><Band band={row.band} /></td>
            <td className="number phone-gone">{row.n_signals}</td>
            <td className="number desk-only note">{decimals(row.decayed_sum, 1)} × {decimals(row.regime_multiplier, 1)} × {decimals(row.sector_multiplier, 1)} × {decimals(row.bonus, 2)}</td>
            <td className="desk-only note">{row.kinds.map(title).join(', ')}</td>
          </tr>
        ))}
      </Table>
      {asked.hasNextPage && <button type="button" className="plain" onClick={() => void asked.fetchNextPage()}>Show more of {first.count}</button>}
    </section>
  );
}

function SymbolHead({ symbol, name, on }: { symbol: string; name: string | null; on?: string }) {
  return (
    <th scope="row">
      <Link to="/desk/queue/$ticker" params={{ ticker: symbol }} search={on ? { on } : {}} data-row={`${symbol} ${on ?? ''}`}>{symbol}</Link>
      {name && name !== symbol && <span className="note block cut">{name}</span>}
    </th>
  );
}

function Table({ head, label, children }: { head: ReactNode; label: string; children: ReactNode }) {
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls is reached by the keyboard too
    <div className="wide" role="region" aria-label={label} tabIndex={0}>
      <table className="plain-table">
        <thead><tr>{head}</tr></thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
