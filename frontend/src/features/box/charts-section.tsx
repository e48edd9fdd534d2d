import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { type BoxPoint, boxSeriesQuery } from '@/api/boxes';
import { stretches } from '@/lib/day-series';
import { counted, grouped, shortDate } from '@/lib/format';
import { money } from '@/lib/money';
import { SPAN_NAMES, within } from '@/lib/spans';
import { ErrorBox, Waiting } from '@/ui/states';
import { seriesInWords } from './series-words';

const DaysChart = lazy(async () => ({ default: (await import('@/charts/days-chart')).DaysChart }));
const route = getRouteApi('/boxes/$symbol');
const usd = (value: number): string => money(value, 'USD');
const whole = (value: number): string => grouped(value, 0);
const place = (value: number): string => (Number.isInteger(value) && value > 0 ? `#${value}` : '');

/** How the figures of a box went; days on which nobody looked are gaps. */
export function ChartsSection({ symbol }: { symbol: string }) {
  const { span = 'all' } = route.useSearch();
  const navigate = route.useNavigate();
  const asked = useQuery(boxSeriesQuery(symbol));
  const rows = useMemo(() => within(asked.data?.rows ?? [], span), [asked.data, span]);
  const places = useMemo(() => Math.max(2, ...(asked.data?.rows ?? []).map((row) => row.values.rank ?? 1)), [asked.data]);
  const [first, last] = [rows[0], rows.at(-1)];
  return (
    <section aria-labelledby="course">
      <div className="card-head">
        <h2 id="course">
          How it went <span className="note">{first && last && `${counted(rows.length, 'observed day')}, ${shortDate(first.date)} to ${shortDate(last.date)}`}</span>
        </h2>
        <SegmentedControl
          size="xs"
          aria-label="How far back"
          value={span}
          data={SPAN_NAMES.filter(({ value }) => value !== '5y')}
          onChange={(value) => void navigate({ search: (now) => ({ ...now, span: value === 'all' ? undefined : value }), replace: true })}
        />
      </div>
      {asked.error && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      <div className="box-charts">
        <Chart title="Floor price" rows={rows} waiting={asked.isPending} line="floor_price_usd" say={usd} />
        <Chart title="Volume, and its 7-day EMA as a line" rows={rows} waiting={asked.isPending} bars="daily_volume_usd" line="unified_volume_7d_ema" say={usd} />
        <Chart title="Listings" rows={rows} waiting={asked.isPending} line="active_listings_count" say={whole} />
        <Chart title="Rank" rows={rows} waiting={asked.isPending} line="rank" say={place} places={places} />
      </div>
      <p className="legend">A line joins days at most a week apart; a longer time without observation is a gap, and a day on its own a dot.</p>
    </section>
  );
}

interface ChartProps {
  title: string;
  rows: BoxPoint[];
  waiting: boolean;
  /** The measure that is drawn as a line, and the one as bars. */
  line: string;
  bars?: string;
  say: (value: number) => string;
  places?: number;
}

function Chart({ title, rows, waiting, line, bars, say, places }: ChartProps) {
  const [day, setDay] = useState<string>();
  const points = useMemo(() => pointsOf(rows, line), [rows, line]);
  const volumes = useMemo(() => (bars ? pointsOf(rows, bars) : undefined), [rows, bars]);
  const drawn = useMemo(() => ({ stretches: stretches(points), colour: bars ? '--line-2' : '--fill' }), [points, bars]);
  const onPoint = useCallback((at: string | undefined) => setDay(at), []);
  const shown = rows.find((row) => row.date === day);
  const known = drawn.stretches.length > 0 || volumes?.some((point) => point.value != null);
  return (
    <div className="card">
      <div className="chart-head">
        <h3>{title}</h3>
        <span className="note" aria-hidden="true">{readOut(shown, day, bars ? [bars, line] : [line], say)}</span>
      </div>
      {waiting && <Waiting rows={1} height={272} />}
      {!waiting && !known && <p className="note chart">Not known on any of these days.</p>}
      {!waiting && known && (
        <Suspense fallback={<Waiting rows={1} height={272} />}>
          <DaysChart
            days={points}
            line={drawn}
            bars={volumes}
            say={say}
            places={places}
            onPoint={onPoint}
            label={seriesInWords(title, volumes ?? points, say)}
          />
        </Suspense>
      )}
    </div>
  );
}

const pointsOf = (rows: BoxPoint[], name: string) => rows.map((row) => ({ date: row.date, value: row.values[name] ?? null }));

function readOut(row: BoxPoint | undefined, day: string | undefined, names: string[], say: (value: number) => string): string {
  if (!day) return '';
  if (!row) return `${shortDate(day)}: not observed`;
  const said = names.map((name) => row.values[name]).map((value) => (value == null ? '–' : say(value)));
  return `${shortDate(day)}: ${said.join(', EMA ')}`;
}
