import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { Month } from '@/api/portfolios';
import { download, toCsv } from '@/lib/csv';
import { signed } from '@/lib/format';
import { byYear, monthCells, strength } from './months';

const NAMES = Array.from({ length: 12 }, (_, i) => new Date(Date.UTC(2000, i, 1)));
const SHORT = new Intl.DateTimeFormat('en-GB', { month: 'short', timeZone: 'UTC' });
type Of = 'own' | 'ahead';

/** Returns by month, a row a year: figure and sign, with a colour that only repeats them. */
export function MonthGrid({ months, benchmark, name }: { months: Month[]; benchmark: string; name: string }) {
  const [of, setOf] = useState<Of>('own');
  const compared = months.some((one) => one.benchmark != null);
  const of_ = (value: number | null, other: number | null): number | null =>
    of === 'own' ? value : value == null || other == null ? null : value - other;
  return (
    <section className="card" aria-labelledby="months">
      <div className="card-head">
        <h2 id="months">Month by month</h2>
        <div className="switches">
          {compared && (
            <SegmentedControl
              size="xs"
              aria-label="Which returns"
              value={of}
              data={[{ value: 'own', label: 'Return' }, { value: 'ahead', label: `Less ${benchmark}` }]}
              onChange={(value) => setOf(value)}
            />
          )}
          <Button
            variant="default"
            size="xs"
            onClick={() => download(`${name}-months.csv`, toCsv(['year', 'month', 'return', 'benchmark'], monthCells(months)))}
          >
            CSV
          </Button>
        </div>
      </div>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls is reached by the keyboard too */}
      <div className="wide" role="region" aria-label="Returns by month" tabIndex={0}>
        <table className="month-grid">
          <caption className="hidden">
            {of === 'own' ? 'Return of each month, in percent' : `Return of each month less that of ${benchmark}, in percentage points`}
          </caption>
          <thead>
            <tr>
              <th scope="col">Year</th>
              {NAMES.map((day) => <th key={day.getUTCMonth()} scope="col">{SHORT.format(day)}</th>)}
              <th scope="col" className="whole">Year</th>
            </tr>
          </thead>
          <tbody>
            {byYear(months).map((year) => (
              <tr key={year.year}>
                <th scope="row">{year.year}</th>
                {year.months.map((month, i) => (
                  <Cell key={i} value={month && of_(month.value, month.benchmark)} title={month ? beside(month, benchmark) : undefined} />
                ))}
                <Cell value={of_(year.value, year.benchmark)} whole />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="note">In percent. The first and the newest month may be only a part of one.</p>
    </section>
  );
}

function Cell({ value, title, whole }: { value: number | null; title?: string | undefined; whole?: boolean }) {
  if (value == null) return <td className={whole ? 'whole' : ''}><span className="soft">–</span></td>;
  return (
    <td className={`${value < 0 ? 'fell' : 'rose'} s${strength(value)}${whole ? ' whole' : ''}`} title={title}>
      {signed(value * 100, 1)}
    </td>
  );
}

function beside({ value, benchmark: other }: Month, benchmark: string): string {
  return other == null ? '' : `${signed(value * 100, 2)} %, ${benchmark} ${signed(other * 100, 2)} %`;
}
