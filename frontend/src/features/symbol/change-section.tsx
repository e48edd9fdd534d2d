import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { changeQuery, type OneChange } from '@/api/changes';
import { Waterfall } from '@/charts/waterfall';
import { causeInWords, largestFirst } from '@/lib/causes';
import { sentence, shortDate, signed } from '@/lib/format';
import { RankChange } from '@/ui/rank-change';
import { ErrorBox, Waiting } from '@/ui/states';
import { BaseRateLine } from './base-rate';
import { notMoved } from './change-words';

const route = getRouteApi('/symbols/$ticker');

interface Props {
  ticker: string;
  board: string;
  /** Published sessions of the board, newest first. */
  sessions: string[];
}

/** Why a rank moved between two sessions: every cause with its exact share. */
export function ChangeSection({ ticker, board, sessions }: Props) {
  const { from, to } = route.useSearch();
  const navigate = route.useNavigate();
  const asked = useQuery({ ...changeQuery(ticker, board, from, to), enabled: sessions.length > 1 });
  const [of, setOf] = useState<'rank' | 'composite'>('rank');
  const data = asked.data;
  const pick = (change: { from?: string; to?: string }): void =>
    void navigate({ search: (now) => ({ ...now, ...change }), replace: true });
  if (sessions.length < 2) return null;
  const first = from ?? data?.first ?? sessions[1] ?? '';
  const last = to ?? data?.last ?? sessions[0] ?? '';

  return (
    <div className="change-part">
      <div className="card-head">
        <h3>Why the rank moved</h3>
        <div className="switches">
          <span className="picker">
            <Session label="from" value={first} sessions={sessions.filter((day) => day < last)} onPick={(day) => pick({ from: day, to: last })} />
            <Session label="to" value={last} sessions={sessions.filter((day) => day > first)} onPick={(day) => pick({ from: first, to: day })} />
            {(from ?? to) && <button type="button" className="plain" onClick={() => pick({ from: undefined, to: undefined })}>newest</button>}
          </span>
          <SegmentedControl
            size="xs"
            aria-label="What is split among the causes"
            value={of}
            data={[{ value: 'rank', label: 'Rank' }, { value: 'composite', label: 'Composite' }]}
            onChange={(value) => setOf(value)}
          />
        </div>
      </div>
      {asked.error && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {asked.isPending && <Waiting rows={6} height={26} />}
      {data && !asked.error && (
        <div className={asked.isPlaceholderData ? 'fading' : ''}>
          <Explained answer={data} of={of} />
        </div>
      )}
    </div>
  );
}

/** A date; one that is not a session of the board becomes the last session before it. */
function Session({ label, value, sessions, onPick }: { label: string; value: string; sessions: string[]; onPick: (day: string) => void }) {
  return (
    <label>
      {label}{' '}
      <input
        type="date"
        key={value}
        defaultValue={value}
        min={sessions.at(-1)}
        max={sessions[0]}
        onChange={(event) => {
          const day = event.currentTarget.value;
          const session = sessions.find((one) => one <= day);
          if (day.length === 10 && session) onPick(session);
        }}
      />
    </label>
  );
}

function Explained({ answer, of }: { answer: OneChange; of: 'rank' | 'composite' }) {
  const { change, first, last, methods, base_rate: rate } = answer;
  if (change.status !== 'moved') return <p>{notMoved(change)}</p>;
  const ranks = of === 'rank';
  const shares = largestFirst(ranks ? change.rank_shares : change.composite_shares);
  const end = (on: string, rank: number | null): { label: string; said: string } => ({ label: shortDate(on), said: rank == null ? '–' : `#${rank}` });
  return (
    <>
      <p className="facts">
        <span>
          {shortDate(first)} → {shortDate(last)}: <b>#{change.rank_before} → #{change.rank_after}</b>{' '}
          <RankChange rank={change.rank_after} change={change.rank_change} since={first} />
        </span>
        <span>composite {signed(change.composite_change, 3)}</span>
        {new Set(methods).size > 1 && <span>method {methods.join(' → ')}</span>}
      </p>
      <div className="explained">
        {shares.length ? (
          <Waterfall
            from={ranks ? end(first, change.rank_before) : { label: shortDate(first), said: '' }}
            to={ranks ? end(last, change.rank_after) : { label: shortDate(last), said: signed(change.composite_change, 4) }}
            unit={ranks ? 'Places' : 'Composite'}
            caption={`What moved the ${of} of ${change.symbol}, by cause`}
            steps={shares.map(([name, share]) => ({
              label: causeInWords(name),
              share,
              said: signed(share, ranks ? 2 : 4),
              note: ranks ? `exactly ${change.rank_shares[name]} places` : undefined,
            }))}
          />
        ) : (
          <p className="note">No cause moved it by any {ranks ? 'place' : 'amount'}.</p>
        )}
        <div>
          {rate && <BaseRateLine rate={rate} change={change.rank_change ?? 0} />}
          {change.remarks.map((remark) => <p key={remark} className="note">{sentence(remark)}</p>)}
          {ranks && shares.length > 0 && (
            <details>
              <summary>Exact shares</summary>
              <dl className="inputs">
                {shares.map(([name]) => <div key={name}><dt>{causeInWords(name)}</dt><dd>{change.rank_shares[name]}</dd></div>)}
              </dl>
              <p className="note">Places; they add up to {signed(change.rank_change, 0)}. Each cause’s part is its mean over every order in which the causes could have come (Shapley value).</p>
            </details>
          )}
        </div>
      </div>
    </>
  );
}
