import type { Snapshot } from '@/api/portfolios';
import { sentence } from '@/lib/format';
import { KeyFigures } from './key-figures';
import { MonthGrid } from './month-grid';
import { ValueSection } from './value-section';

/** Worth, earned, risked; over time; by month. */
export function OverviewTab({ id, of }: { id: string; of: Snapshot }) {
  return (
    <>
      <KeyFigures of={of} />
      {of.remarks.length > 0 && (
        <section className="card remarks" aria-labelledby="remarks">
          <h2 id="remarks">To know when reading the figures</h2>
          <ul>{of.remarks.map((remark) => <li key={remark}>{sentence(remark)}</li>)}</ul>
        </section>
      )}
      <ValueSection id={id} name={of.name} />
      {of.months.length > 0 && <MonthGrid months={of.months} benchmark={of.benchmark} name={of.name} />}
    </>
  );
}
