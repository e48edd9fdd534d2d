import { useMediaQuery } from '@mantine/hooks';
import { Link, getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type AllMetrics, useAllMetrics } from '@/api/daily-metrics';
import { counted, longDate } from '@/lib/format';
import { Empty, ErrorBox, Waiting } from '@/ui/states';
import { useTitle } from '@/ui/use-title';
import { ScreenerRows } from './screener-rows';
import '@/styles/symbol-work.css';

const route = getRouteApi('/screener');

/** The day's figures of every symbol. */
export function ScreenerPage() {
  const all = useAllMetrics();
  const phone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { rows, asOf, growing, error, again } = all;
  const sectors = useMemo(() => [...new Set(rows?.flatMap((row) => row.sector ?? []))].sort((a, b) => a.localeCompare(b)), [rows]);
  useTitle('Screener');
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Screener</h1>
          <p className="lead">The day’s figures of every symbol, to sort and to filter.</p>
          {asOf && <Facts all={all} asOf={asOf} />}
        </div>
      </div>
      {error && <ErrorBox error={error} again={again} />}
      {!rows && !error && <Waiting rows={12} height={36} />}
      {rows?.length === 0 && !growing && !error && (
        <Empty title="No figures yet">
          <p>The nightly batch makes them: it measures every symbol that has prices.</p>
          <p><Link to="/jobs" search={{ show: 'batch' }}>How far it is, and when the next one is due</Link>, or <code>pacesetter batch</code>.</p>
        </Empty>
      )}
      {rows && rows.length > 0 && !error && (
        <ScreenerRows
          rows={rows}
          count={all.count}
          asOf={asOf}
          growing={growing}
          sectors={sectors}
          phone={phone}
          search={search}
          onChange={(change) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true })}
        />
      )}
    </>
  );
}

function Facts({ all: { behind }, asOf }: { all: AllMetrics; asOf: string }) {
  return (
    <p className="facts">
      <span>Figures of <b>{longDate(asOf)}</b></span>
      {behind > 0 && <span className="badge">{counted(behind, 'session')} behind</span>}
    </p>
  );
}
