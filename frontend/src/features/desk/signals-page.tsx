import { NativeSelect, SegmentedControl } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { ApiError } from '@/api/client';
import { deskQuery } from '@/api/desk';
import { type Signal, signalRulesQuery, signalsQuery } from '@/api/signals';
import { counted, decimals, longDate, percent, shortDate, words } from '@/lib/format';
import { FilterBox } from '@/ui/filter-box';
import { SessionPicker } from '@/ui/session-picker';
import { inFull } from '@/ui/confirm';
import { Empty, ErrorBox, Said, Waiting } from '@/ui/states';
import { DeskFrame } from './desk-frame';
import { title } from './desk-words';
import type { SignalsSearch } from './search';
import { seenInWords } from './signal-words';
import { SignalRules } from './signal-rules';

const route = getRouteApi('/desk/signals');
const SPANS = [{ value: '7', label: '7 days' }, { value: '30', label: '30 days' }, { value: '90', label: '90 days' }, { value: '400', label: 'All' }];

/** What was noticed, and by which rules it counts. */
export function SignalsPage() {
  const { show } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <DeskFrame
      title="Signals"
      lead={<p>What was noticed about symbols, and what is left of it: each kind fades by a rule of its own.</p>}
      tools={
        <SegmentedControl
          aria-label="What is shown"
          value={show ?? 'list'}
          data={[{ value: 'list', label: 'Signals' }, { value: 'rules', label: 'How they fade' }]}
          onChange={(value) => void navigate({ search: (now) => ({ ...now, show: value === 'rules' ? 'rules' : undefined }) })}
        />
      }
    >
      {show === 'rules' ? <SignalRules /> : <Found />}
    </DeskFrame>
  );
}

function Found() {
  const search = route.useSearch();
  const { symbol, type, days, on } = search;
  const newest = useQuery(deskQuery).data?.night?.on;
  const day = on ?? newest;
  const asked = useInfiniteQuery({ ...signalsQuery({ ...(day && { on: day }), ...(symbol && { symbol }), ...(type && { type }), days: Number(days ?? 30) }) });
  const rows = asked.data?.pages.flatMap((page) => page.rows) ?? [];
  const unknown = asked.error instanceof ApiError && asked.error.status === 404; // such as half of a symbol, while it is typed
  const navigate = route.useNavigate();
  const set = (change: Partial<Record<keyof SignalsSearch, string | undefined>>): void =>
    void navigate({ search: (now) => ({ ...now, ...change }) as SignalsSearch, replace: true });
  return (
    <>
      <Filters search={search} newest={newest} onChange={set} />
      {asked.error && !unknown && <ErrorBox error={asked.error} again={() => void asked.refetch()} onDay={(to) => set({ on: to })} />}
      {asked.error && unknown && <Empty title="No such symbol or kind"><p><Said text={inFull(asked.error)} /></p></Empty>}
      {asked.isPending && <Waiting rows={10} height={40} />}
      {asked.data && !asked.error && rows.length === 0 && (
        <Empty title="No signal">
          <p>Nothing was noticed {symbol && `of ${symbol} `}{type && `of the kind ${words(type)} `}in {days === '400' ? 'that time' : `the ${days ?? 30} days`}{day && ` up to ${shortDate(day)}`}.</p>
        </Empty>
      )}
      {rows.length > 0 && !asked.error && (
        <section className={`card table-card ${asked.isPlaceholderData ? 'fading' : ''}`} aria-labelledby="found">
          <h2 id="found" className="table-title">
            {asked.hasNextPage ? `The newest ${rows.length}` : counted(rows.length, 'signal')}
            <span className="note">with what is left of each {asked.data?.pages[0] && `on ${longDate(asked.data.pages[0].on)}`}</span>
          </h2>
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls is reached by the keyboard too */}
          <div className="wide" role="region" aria-label="Signals" tabIndex={0}>
            <table className="plain-table">
              <thead>
                <tr>
                  <th scope="col">Symbol</th>
                  <th scope="col">Signal</th>
                  <th scope="col" className="phone-gone">Seen on</th>
                  <th scope="col" className="number desk-only">Score then</th>
                  <th scope="col" className="number phone-gone">Left</th>
                  <th scope="col" className="number">Counts</th>
                  <th scope="col" className="desk-only">What was seen</th>
                </tr>
              </thead>
              <tbody>{rows.map((row) => <SignalRow key={`${row.symbol} ${row.signal_type} ${row.source} ${row.signal_on}`} row={row} />)}</tbody>
            </table>
          </div>
          {asked.hasNextPage && <button type="button" className="plain" disabled={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>Show more</button>}
        </section>
      )}
    </>
  );
}

function SignalRow({ row }: { row: Signal }) {
  return (
    <tr className={row.taken_back ? 'replaced' : ''}>
      <th scope="row">
        <Link to="/desk/queue/$ticker" params={{ ticker: row.symbol }} data-row={`${row.symbol} ${row.signal_type} ${row.signal_on}`}>{row.symbol}</Link>
        {row.name && row.name !== row.symbol && <span className="note block cut">{row.name}</span>}
      </th>
      <td>{title(row.signal_type)}{row.source !== row.signal_type && <span className="note block">by {words(row.source)}</span>}</td>
      <td className="phone-gone nowrap">{shortDate(row.signal_on)} <span className="note block">{row.age_days ? `${counted(row.age_days, 'day')} ago` : 'that day'}</span></td>
      <td className="number desk-only">{decimals(row.score, 1)}</td>
      <td className="number phone-gone" title={row.fades}>{percent(row.decay_factor)}</td>
      <td className="number">{row.taken_back ? <span className="note">taken back</span> : <b>{decimals(row.decayed, 1)}</b>}</td>
      <td className="desk-only note">{seenInWords(row.data)}</td>
    </tr>
  );
}

function Filters({ search, newest, onChange }: { search: SignalsSearch; newest: string | undefined; onChange: (change: Partial<Record<keyof SignalsSearch, string | undefined>>) => void }) {
  const rules = useQuery(signalRulesQuery).data;
  return (
    <div className="toolbar">
      <FilterBox q={search.symbol} what="symbol" onFilter={(q) => onChange({ symbol: q?.toUpperCase() })} />
      <NativeSelect
        aria-label="Kind of signal"
        value={search.type ?? ''}
        data={[{ value: '', label: 'Every kind' }, ...(rules?.rows ?? []).map((rule) => ({ value: rule.signal_type, label: title(rule.signal_type) }))]}
        onChange={(event) => onChange({ type: event.currentTarget.value || undefined })}
      />
      <SegmentedControl size="sm" aria-label="How far back" value={search.days ?? '30'} data={SPANS} onChange={(value) => onChange({ days: value === '30' ? undefined : value })} />
      <SessionPicker value={search.on ?? newest} newest={newest} onPick={(day) => onChange({ on: day })} />
    </div>
  );
}
