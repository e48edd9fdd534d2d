import { useQuery } from '@tanstack/react-query';
import { changeQuery } from '@/api/changes';
import { ApiError } from '@/api/client';
import { Waterfall } from '@/charts/waterfall';
import { causeInWords, largestFirst } from '@/lib/causes';
import { sentence, shortDate, signed } from '@/lib/format';
import { RankChange } from '@/ui/rank-change';
import { ErrorBox, Waiting } from '@/ui/states';

const BOARD = 'boxes';
const CAUSES: Record<string, string> = { unified_volume_7d_ema: 'its own volume', peers: 'other boxes', membership: 'which boxes were observed' };

/** Why the rank moved since the day that it is compared with. */
export function WhySection({ symbol, from, to }: { symbol: string; from: string; to: string }) {
  const asked = useQuery(changeQuery(symbol, BOARD, from, to));
  const { data, error } = asked;
  const absent = error instanceof ApiError && error.status === 404;
  const shares = data ? largestFirst(data.change.rank_shares) : [];
  return (
    <section className="card" aria-labelledby="why">
      <h2 id="why">Why the rank moved</h2>
      {error && !absent && <ErrorBox error={error} again={() => void asked.refetch()} />}
      {absent && <p className="note">There is nothing to compare {shortDate(to)} with.</p>}
      {asked.isPending && <Waiting rows={3} height={28} />}
      {data && !error && (
        <>
          <p className="facts">
            <span>
              {shortDate(data.first)} → {shortDate(data.last)}: <b>{said(data.change.rank_before)} → {said(data.change.rank_after)}</b>{' '}
              <RankChange rank={data.change.rank_after} change={data.change.rank_change} since={data.first} of="day" />
            </span>
          </p>
          {data.change.status !== 'moved' && (
            <p>{data.change.rank_before == null ? 'It had no rank before' : 'It has no rank any more'}{data.change.unranked_because && `: ${data.change.unranked_because}`}.</p>
          )}
          {data.change.status === 'moved' && shares.length === 0 && <p className="note">No cause moved it by any place.</p>}
          {shares.length > 0 && (
            <Waterfall
              from={{ label: shortDate(data.first), said: said(data.change.rank_before) }}
              to={{ label: shortDate(data.last), said: said(data.change.rank_after) }}
              unit="Places"
              caption={`What moved the rank of ${data.change.symbol}, by cause`}
              steps={shares.map(([name, share]) => ({
                label: CAUSES[name] ?? causeInWords(name),
                share,
                said: signed(share, 2),
                note: `exactly ${data.change.rank_shares[name]} places`,
              }))}
            />
          )}
          {data.change.remarks.map((remark) => <p key={remark} className="note">{sentence(remark)}</p>)}
        </>
      )}
    </section>
  );
}

const said = (rank: number | null): string => (rank == null ? '–' : `#${rank}`);
