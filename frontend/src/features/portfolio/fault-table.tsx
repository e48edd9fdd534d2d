import { Button } from '@mantine/core';
import type { ImportResult } from '@/api/portfolio-imports';
import { download, toCsv } from '@/lib/csv';

/** Every mistake: where, what it says, why that cannot be, what mends it. */
export function FaultTable({ faults, file }: { faults: ImportResult['faults']; file: string }) {
  const save = (): void =>
    download(`${file}-mistakes.csv`, toCsv(['line', 'column', 'value', 'reason', 'mend'], faults.map((one) => [one.line, one.column, one.value, one.reason, one.mend])));
  return (
    <div className="faults">
      <div className="card-head">
        <h3>Mistakes</h3>
        <Button variant="default" size="xs" onClick={save}>CSV</Button>
      </div>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls is reached by the keyboard too */}
      <div className="wide tall" role="region" aria-label="Mistakes in the file" tabIndex={0}>
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col" className="number">Line</th>
              <th scope="col">Column</th>
              <th scope="col">It says</th>
              <th scope="col">Why not</th>
            </tr>
          </thead>
          <tbody>
            {faults.map((one, i) => (
              <tr key={i}>
                <th scope="row" className="number">{one.line}</th>
                <td>{one.column ?? <span className="soft">the whole line</span>}</td>
                <td>{one.value ? <code>{one.value}</code> : <span className="soft">nothing</span>}</td>
                <td>{one.reason}<span className="note block">{one.mend}</span></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
