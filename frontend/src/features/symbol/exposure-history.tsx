import { NativeSelect, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { type Exposure, rollingQuery } from '@/api/exposures';
import { betaAndError, rangeOf } from '@/lib/exposure-words';
import { shortDate, signed } from '@/lib/format';
import { SPAN_NAMES, spanStart } from '@/lib/spans';
import { ErrorBox, Waiting } from '@/ui/states';
import { rollingInWords, sinceFirst } from './exposure-words';

const BandChart = lazy(async () => ({ default: (await import('@/charts/band-chart')).BandChart }));
const route = getRouteApi('/symbols/$ticker');
const LONGEST_DAYS = 3650; // ten years are computed at once

/** One exposure over time, with its band: each day over the window that ended with it. */
export function ExposureHistory({ ticker, rows }: { ticker: string; rows: Exposure[] }) {
  const { factor: chosen, over = '1y' } = route.useSearch();
  const navigate = route.useNavigate();
  const factor = rows.find((row) => row.factor === chosen) ?? rows.find((row) => row.beta != null) ?? rows[0];
  const to = factor?.on ?? '';
  const from = spanStart(to, over) ?? new Date(Date.parse(to) - LONGEST_DAYS * 86_400_000).toISOString().slice(0, 10);
  const asked = useQuery(rollingQuery(ticker, factor?.factor ?? '', from, to));
  const history = useMemo(() => sinceFirst(asked.data?.rows ?? []), [asked.data]);
  const points = useMemo(() => history.map((row) => ({ day: row.on, value: row.beta, range: rangeOf(row.beta, row.se) })), [history]);
  const [point, setPoint] = useState<number>();
  if (!factor) return null;
  const shown = history[point ?? history.length - 1] ?? history.at(-1);
  return (
    <div className="change-part">
      <div className="card-head">
        <h3 id="rolling">Over time</h3>
        <div className="switches">
          <NativeSelect
            size="xs"
            aria-label="Factor that is followed"
            value={factor.factor}
            data={rows.map((row) => ({ value: row.factor, label: row.label }))}
            onChange={(event) => {
              const value = event.currentTarget.value;
              void navigate({ search: (now) => ({ ...now, factor: value }), replace: true });
            }}
          />
          <SegmentedControl
            size="xs"
            aria-label="How far back exposures go"
            value={over}
            data={SPAN_NAMES}
            onChange={(value) => void navigate({ search: (now) => ({ ...now, over: value }), replace: true })}
          />
        </div>
      </div>
      {asked.error && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {asked.isPending && <Waiting rows={1} height={270} />}
      {asked.data && !asked.error && !history.length && <p className="note">It could not be measured on any session of this span.</p>}
      {asked.data && !asked.error && history.length > 0 && (
        <>
          {shown && <Reading row={shown} />}
          <div className={asked.isPlaceholderData ? 'fading' : ''}>
            <Suspense fallback={<Waiting rows={1} height={270} />}>
              <BandChart points={points} label={rollingInWords(factor.label, history)} onPoint={setPoint} />
            </Suspense>
          </div>
          <p className="note">
            Each day over the {factor.window} sessions that end with it, so neighbours share most of their data. The band is the 95 % range.
          </p>
          <RollingTable rows={history} label={factor.label} />
        </>
      )}
    </div>
  );
}

type Point = Pick<Exposure, 'on' | 'beta' | 'se' | 'n' | 'because'>;

/** The session under the pointer, or the newest. */
function Reading({ row }: { row: Point }) {
  return (
    <p className="price-now">
      <b>{row.beta == null ? (row.because ?? '–') : betaAndError(row.beta, row.se)}</b>
      <span className="note">{shortDate(row.on)}{row.n != null && ` · ${row.n} sessions counted`}</span>
    </p>
  );
}

const STEP = 30;

function RollingTable({ rows, label }: { rows: Point[]; label: string }) {
  const [count, setCount] = useState(STEP);
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Every session as a table</summary>
      {open && (
        <table className="history">
          <caption className="hidden">Exposure to {label}, newest first</caption>
          <thead>
            <tr>
              <th scope="col">Session</th>
              <th scope="col" className="number">Beta ± its error</th>
              <th scope="col" className="number">95 % range</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(-count).reverse().map((row) => {
              const range = rangeOf(row.beta, row.se);
              return (
                <tr key={row.on}>
                  <th scope="row">{shortDate(row.on)}</th>
                  <td className="number">{row.beta == null ? <span className="note">{row.because}</span> : betaAndError(row.beta, row.se)}</td>
                  <td className="number">{range ? `${signed(range[0])} to ${signed(range[1])}` : '–'}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {open && count < rows.length && (
        <button type="button" className="plain" onClick={() => setCount(count + STEP * 4)}>Show more of {rows.length}</button>
      )}
    </details>
  );
}
