import { Button, SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { Snapshot, StressResult } from '@/api/portfolios';
import { download, toCsv } from '@/lib/csv';
import { change, percent } from '@/lib/format';
import { signedMoney } from '@/lib/money';
import { Diverging } from '@/ui/diverging';

type Order = 'worst' | 'kind';
const LEAST = 0.01;
const COVERED = 0.995; // less of the gross value is worth a word

/** What each scenario would do to today's value, the worst first. */
export function StressSection({ of }: { of: Snapshot }) {
  const [order, setOrder] = useState<Order>('worst');
  const rows = useMemo(() => (order === 'worst' ? worstFirst(of.stress) : of.stress), [of.stress, order]);
  const full = Math.max(LEAST, ...rows.flatMap((row) => [Math.abs(row.direct ?? 0), Math.abs(row.correlated ?? 0)]));
  const save = (): void => {
    const cells = rows.map((row) => [row.name, row.label, row.kind, row.direct, row.direct_amount, row.correlated, row.correlated_amount]);
    download(`${of.name}-stress.csv`, toCsv(['name', 'label', 'kind', 'direct', 'direct_amount', 'correlated', 'correlated_amount'], cells));
  };
  if (rows.length === 0) return null;
  const none = rows.every((row) => row.direct == null);
  return (
    <section className="card" aria-labelledby="stress">
      <div className="card-head">
        <h2 id="stress">What if?</h2>
        <div className="switches">
          <SegmentedControl
            size="xs"
            aria-label="In which order"
            value={order}
            data={[{ value: 'worst', label: 'Worst first' }, { value: 'kind', label: 'By kind' }]}
            onChange={(value) => setOrder(value)}
          />
          <Button variant="default" size="xs" onClick={save}>CSV</Button>
        </div>
      </div>
      {none ? (
        <p>No scenario can be computed before the holdings’ exposures are measured.</p>
      ) : (
        <>
          <p className="about">
            What {rows.length} scenarios would do to today’s value, by the holdings’ exposures. <b>Direct</b>: only what the scenario names moves.{' '}
            <b>Moving along</b>: everything else moves as it did together with it over the last year. A straight line through the past, not a forecast.
          </p>
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls is reached by the keyboard too */}
          <div className="wide" role="region" aria-label="Stress scenarios" tabIndex={0}>
            <table className="plain-table stress">
              <thead>
                <tr>
                  <th scope="col">Scenario</th>
                  <th scope="col" className="number">Direct</th>
                  <th scope="col" className="number">Moving along</th>
                  <td aria-hidden="true" className="picture phone-gone" />
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => <Scenario key={row.name} row={row} currency={of.base_currency} full={full} />)}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  );
}

function Scenario({ row, currency, full }: { row: StressResult; currency: string; full: number }) {
  const shown = row.correlated ?? row.direct;
  return (
    <tr>
      <th scope="row">
        {row.label}
        <span className="note block">
          {row.about}
          {row.covered != null && row.covered < COVERED && ` Of ${percent(row.covered)} of the holdings; the rest is taken as unmoved.`}
        </span>
      </th>
      <td className="number nowrap">{change(row.direct, 1)}<span className="note block">{signedMoney(row.direct_amount, currency, 0)}</span></td>
      <td className="number nowrap"><b>{change(row.correlated, 1)}</b><span className="note block">{signedMoney(row.correlated_amount, currency, 0)}</span></td>
      <td aria-hidden="true" className="picture phone-gone">{shown != null && <Diverging value={shown} full={full} />}</td>
    </tr>
  );
}

/** By the change with what moves along, else the direct one; those without either last. */
export function worstFirst(rows: readonly StressResult[]): StressResult[] {
  const size = (row: StressResult): number => row.correlated ?? row.direct ?? Infinity;
  return [...rows].sort((a, b) => size(a) - size(b) || a.label.localeCompare(b.label));
}
