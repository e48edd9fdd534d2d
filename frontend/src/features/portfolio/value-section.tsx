import { Button, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { type Series, seriesQuery, type Session } from '@/api/portfolios';
import type { PortfolioPoint } from '@/charts/portfolio-chart';
import { download, toCsv } from '@/lib/csv';
import { change, counted, percent, shortDate, signed } from '@/lib/format';
import { money, signedMoney } from '@/lib/money';
import { SPAN_NAMES, within } from '@/lib/spans';
import { ErrorBox, Waiting } from '@/ui/states';
import { SERIES_HEAD, seriesCells, valuePoints } from './value-points';
import { SessionTable } from './session-table';

const PortfolioChart = lazy(async () => ({ default: (await import('@/charts/portfolio-chart')).PortfolioChart }));
const route = getRouteApi('/portfolios/$portfolio');

/** Value or return over time, with the drawdown underneath. */
export function ValueSection({ id, name }: { id: string; name: string }) {
  const { show = 'value', span = '1y' } = route.useSearch();
  const navigate = route.useNavigate();
  const asked = useQuery(seriesQuery(id));
  const rows = useMemo(() => within(asked.data?.rows ?? [], span), [asked.data, span]);
  const points = useMemo(() => valuePoints(rows, rows.length === asked.data?.rows.length), [rows, asked.data]);
  const [point, setPoint] = useState<number>();
  const at = point !== undefined && point in points ? point : points.length - 1;
  return (
    <section className="card" aria-labelledby="value">
      <div className="card-head">
        <h2 id="value">{show === 'value' ? 'Value' : 'Return'}</h2>
        <div className="switches">
          <SegmentedControl
            size="xs"
            aria-label="What the chart shows"
            value={show}
            data={[{ value: 'value', label: 'Value' }, { value: 'return', label: 'Return' }]}
            onChange={(value) => void navigate({ search: (now) => ({ ...now, show: value }), replace: true, resetScroll: false })}
          />
          <SegmentedControl
            size="xs"
            aria-label="How far back"
            value={span}
            data={SPAN_NAMES}
            onChange={(value) => void navigate({ search: (now) => ({ ...now, span: value }), replace: true, resetScroll: false })}
          />
        </div>
      </div>
      {asked.error && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {asked.isPending && <Waiting rows={1} height={380} />}
      {asked.data && rows.length === 0 && !asked.error && <p className="note">No session has a value yet.</p>}
      {asked.data && rows.length > 0 && (
        <>
          <Reading row={rows[at]} point={points[at]} of={asked.data} show={show} />
          <Suspense fallback={<Waiting rows={1} height={340} />}>
            <PortfolioChart points={points} shown={show} label={inWords(rows, asked.data)} onPoint={setPoint} />
          </Suspense>
          <p className="note">
            {show === 'value' ? 'Value' : `Return: ${name} as a line, ${asked.data.benchmark} dashed`}; below it, how far the return is under its highest so far.
            Money paid in or out moves the value, never the return.
          </p>
          <SessionTable rows={rows} currency={asked.data.base_currency} benchmark={asked.data.benchmark} />
          <p className="buttons">
            <Button variant="default" size="xs" onClick={() => download(`${name}-sessions.csv`, toCsv([...SERIES_HEAD], seriesCells(rows)))}>Download CSV</Button>
          </p>
        </>
      )}
    </section>
  );
}

interface ReadingProps {
  row: Session | undefined;
  point: PortfolioPoint | undefined;
  of: Series;
  show: 'value' | 'return';
}

/** The session under the pointer, or the newest. */
function Reading({ row, point, of, show }: ReadingProps) {
  if (!row || !point) return null;
  const said = (value: number | null): string => (value == null ? '–' : `${signed(value, 1)} %`);
  return (
    <p className="price-now">
      {show === 'value' ? (
        <span className="big">{money(row.nav, of.base_currency)}</span>
      ) : (
        <>
          <span className="big">{said(point.own)}</span>
          <Key line={1} /><span className="soft">{of.benchmark} {said(point.benchmark)}</span><Key line={2} />
        </>
      )}
      <span className="note">
        {shortDate(row.date)} · day {change(row.daily_return)} {inDrawdown(row.drawdown)}
        {row.flow !== 0 && ` · ${signedMoney(row.flow, of.base_currency)} ${row.flow > 0 ? 'paid in' : 'paid out'}`}
      </span>
    </p>
  );
}

function inDrawdown(drawdown: number | null): string {
  if (drawdown == null) return '';
  return drawdown < 0 ? ` · ${percent(-drawdown, 1)} below its highest` : ' · at its highest';
}

function Key({ line }: { line: number }) {
  return <svg className={`line-mark line-${line}`} viewBox="0 0 20 6" aria-hidden="true"><line x2="20" y1="3" y2="3" /></svg>;
}

function inWords(rows: Session[], of: Series): string {
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last) return 'No sessions.';
  const lowest = Math.min(0, ...rows.flatMap((row) => row.drawdown ?? []));
  return `${of.name} over ${counted(rows.length, 'session')}, ${shortDate(first.date)} to ${shortDate(last.date)}: value from ${money(first.nav, of.base_currency)} to ${money(last.nav, of.base_currency)}; deepest drawdown ${change(lowest)}. The same as a table below.`;
}
