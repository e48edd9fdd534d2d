import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { boxMarketQuery, type MarketDay, type Movers } from '@/api/boxes';
import { stretches } from '@/lib/day-series';
import { decimals, sentence, shortDate } from '@/lib/format';
import { money } from '@/lib/money';
import { Moved } from '@/ui/moved';
import { ErrorBox, Waiting } from '@/ui/states';
import { breadthInWords, indexInWords, newestLine } from './market-words';
import { OVER } from './search';

const DaysChart = lazy(async () => ({ default: (await import('@/charts/days-chart')).DaysChart }));
const say = (value: number): string => decimals(value, 1);
type Over = (typeof OVER)[number];

interface Props {
  on: string | undefined;
  /** The days over which movers are shown. */
  over: Over;
  onOver: (over: Over) => void;
  phone: boolean;
}

/** The market of all boxes on a day: its index, how many rose, and who moved the most. */
export function MarketStrip({ on, over, onOver, phone }: Props) {
  const asked = useQuery(boxMarketQuery(on));
  const { data, error } = asked;
  if (error) return <ErrorBox error={error} again={() => void asked.refetch()} />;
  const movers = data?.movers.find((one) => String(one.days) === over);
  const remarks = data?.remarks.filter((one) => !/is newer|lines of their own/.test(one)) ?? []; // said by the leaderboard, and below the line
  return (
    <section className={`card market${asked.isPlaceholderData ? ' fading' : ''}`} aria-labelledby="market">
      <h2 id="market" className="hidden">The market of boxes</h2>
      {data ? <Index days={data.rows} day={data.as_of} /> : <div><Waiting rows={1} height={200} /></div>}
      <div className="market-movers">
        <div className="card-head">
          <h3>Movers of the floor price</h3>
          <SegmentedControl
            size="xs"
            aria-label="Movers over"
            value={over}
            data={OVER.map((value) => ({ value, label: value === '1' ? '1 day' : `${value} days` }))}
            onChange={(value) => onOver(value)}
          />
        </div>
        {movers ? <Sides movers={movers} most={phone ? 3 : 5} /> : <Waiting rows={5} height={22} />}
      </div>
      {remarks.length > 0 && <p className="note remarks">{remarks.map(sentence).join(' ')}</p>}
    </section>
  );
}

function Index({ days, day }: { days: MarketDay[]; day: string | null }) {
  const { points, base, before: earlier } = useMemo(() => newestLine(days), [days]);
  const line = useMemo(() => ({ stretches: stretches(points), colour: '--fill' }), [points]);
  const now = days.find((row) => row.date === day) ?? days.at(-1);
  if (!now) return <div />;
  const before = now.linked_on === null ? undefined : days.find((row) => row.date === now.linked_on);
  const from = before && (now.base_on === before.date ? 100 : before.base_on === now.base_on ? before.index : null);
  return (
    <div>
      <p className="price-now">
        <span className="note">Index of floor prices</span>
        <span className="big">{decimals(now.index, 1)}</span>
        {now.index != null && from != null && <Moved percent={(now.index / from - 1) * 100} since={now.linked_on} />}
        {now.base_on && now.index != null && <span className="note">100 on {shortDate(now.base_on)}</span>}
      </p>
      <Breadth day={now} />
      {base ? (
        <Suspense fallback={<Waiting rows={1} height={120} />}>
          <DaysChart days={points} line={line} say={say} label={indexInWords(days)} small />
        </Suspense>
      ) : (
        <p className="note">An index needs two days with floor prices of the same boxes.</p>
      )}
      {base && earlier && (
        <p className="note">
          The line begins on {shortDate(base)}. An earlier one <Link to="/boxes" search={{ on: earlier.date }}>ended on {shortDate(earlier.date)}</Link> at{' '}
          {decimals(earlier.index, 1)}: too few boxes have a floor price on both sides, so the two cannot be compared.
        </p>
      )}
    </div>
  );
}

function Breadth({ day }: { day: MarketDay }) {
  const { advancing: up, declining: down, unchanged: same, n_linked: all } = day;
  return (
    <p className="facts">
      {all > 0 && (
        <span title={`Boxes with a floor price on both days: ${all}`}>
          {breadthInWords(up, down, same)}
          {day.linked_on && ` since ${shortDate(day.linked_on)}`}
        </span>
      )}
      {day.median_floor_usd != null && <span>median floor {money(day.median_floor_usd, 'USD')}</span>}
      {day.volume_usd != null && <span>sold that day {money(day.volume_usd, 'USD')}</span>}
    </p>
  );
}

function Sides({ movers, most }: { movers: Movers; most: number }) {
  return (
    <div className="sides">
      <Side title="Dearer" rows={movers.gainers.slice(0, most)} />
      <Side title="Cheaper" rows={movers.losers.slice(0, most)} />
    </div>
  );
}

function Side({ title, rows }: { title: string; rows: Movers['gainers'] }) {
  const dates = [...new Set(rows.map((row) => row.compared_on))];
  const [since] = dates;
  return (
    <div>
      <h4>{title}{dates.length === 1 && since && <span className="note"> since {shortDate(since)}</span>}</h4>
      {!rows.length && <p className="note">None: no price moved so, or none is known to compare with.</p>}
      <ol className="movers">
        {rows.map((row) => (
          <li key={row.symbol}>
            <Link to="/boxes/$symbol" params={{ symbol: row.symbol }} title={row.name ?? undefined}>{row.name ?? row.symbol}</Link>
            <span className="note">{money(row.floor_price_usd, 'USD')}{dates.length > 1 && `, since ${shortDate(row.compared_on)}`}</span>
            <Moved percent={row.change_pct} since={row.compared_on} />
          </li>
        ))}
      </ol>
    </div>
  );
}
