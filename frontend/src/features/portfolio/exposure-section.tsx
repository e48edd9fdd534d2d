import { Button } from '@mantine/core';
import type { Snapshot } from '@/api/portfolios';
import { download, toCsv } from '@/lib/csv';
import { percent, shortDate } from '@/lib/format';
import { type Exposure, ExposureBars, type ExtraColumn } from '@/ui/exposure-bars';
import { mainExposures } from './exposure-sentences';

type Row = Exposure & { covered: number | null; missing: string[] };

const COVERAGE: readonly ExtraColumn<Row>[] = [
  {
    head: 'Covered',
    deskOnly: true,
    title: 'Share of the gross value whose own beta is known',
    cell: ({ covered, missing }) => <span title={missing.length ? `Unknown for ${missing.join(', ')}` : undefined}>{percent(covered)}</span>,
  },
];

/** How the portfolio moves with each factor: its holdings' betas, weighted by value. */
export function ExposureSection({ of }: { of: Snapshot }) {
  const rows = of.exposures.map<Row>((one) => ({
    ...one,
    se: one.standard_error,
    because: 'no holding has a beta to it yet',
  }));
  const missing = [...new Set(of.exposures.flatMap((one) => one.missing))].sort();
  const save = (): void => {
    const cells = of.exposures.map((one) => [one.factor, one.label, one.kind, one.beta, one.standard_error, one.covered, one.missing.join(' ')]);
    download(`${of.name}-exposures.csv`, toCsv(['factor', 'label', 'kind', 'beta', 'standard_error', 'covered', 'missing'], cells));
  };
  if (rows.every((row) => row.beta == null)) {
    return (
      <section className="card" aria-labelledby="exposures">
        <h2 id="exposures">What moves it</h2>
        <p>No holding’s exposures are measured yet: the nightly batch does it for every symbol at once. <code>pacesetter batch</code> does it now.</p>
      </section>
    );
  }
  return (
    <section className="card" aria-labelledby="exposures">
      <div className="card-head">
        <h2 id="exposures">What moves it {of.exposures_on && <span className="note">betas of {shortDate(of.exposures_on)}</span>}</h2>
        <Button variant="default" size="xs" onClick={save}>CSV</Button>
      </div>
      <ul className="sentences">{mainExposures(of.exposures).map((said) => <li key={said}>{said}</li>)}</ul>
      <ExposureBars rows={rows} caption={`Exposures of ${of.name} to each factor`} extra={COVERAGE} />
      <p className="note">
        The sum of the holdings’ betas by their share of net value, with the standard error that follows from theirs.
        {missing.length > 0 && ` Not known for every factor: ${few(missing)}; they count as zero where they are not.`}
      </p>
    </section>
  );
}

const SHOWN = 12;

function few(symbols: string[]): string {
  const more = symbols.length - SHOWN;
  return symbols.slice(0, SHOWN).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
