import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Snapshot } from '@/api/portfolios';
import { type Cell, download, toCsv } from '@/lib/csv';
import { change, shortDate, words } from '@/lib/format';
import { signedMoney } from '@/lib/money';
import { Diverging } from '@/ui/diverging';

type Row = Snapshot['attribution']['holdings'][number];
const HEAD = ['name', 'pnl', 'contribution'];
const cells = (rows: readonly Row[]): Cell[][] => rows.map((row) => [row.name, row.pnl, row.contribution]);
const LEAST = 0.001;

/** Which holdings, and which factors, the result came from. */
export function AttributionTab({ of }: { of: Snapshot }) {
  const { holdings, factors, factors_from: from, factors_total: whole } = of.attribution;
  const byGain = [...holdings].sort((a, b) => (b.pnl ?? 0) - (a.pnl ?? 0));
  const labels = new Map(of.exposures.map((one) => [one.factor, one.label]));
  return (
    <div className="attributions">
      <section className="card" aria-labelledby="by-holding">
        <div className="card-head">
          <h2 id="by-holding">By holding</h2>
          <Button variant="default" size="xs" onClick={() => download(`${of.name}-attribution.csv`, toCsv(HEAD, cells(byGain)))}>CSV</Button>
        </div>
        <p className="about">What each holding earned since the first trade, sold ones included, and its part of the time-weighted return. Both add up to the whole.</p>
        <Parts
          rows={byGain}
          currency={of.base_currency}
          first="Holding"
          name={(row) => (row.name ? <Link to="/symbols/$ticker" params={{ ticker: row.name }} data-row={row.name}>{row.name}</Link> : 'Of no holding: interest, fees, currency')}
          total={{ pnl: of.figures.cumulative_pnl, contribution: of.figures.twr }}
        />
      </section>
      <section className="card" aria-labelledby="by-factor">
        <h2 id="by-factor">By factor</h2>
        {factors.length === 0 ? (
          <p>It can be told once the holdings’ exposures are measured and the factors’ funds have prices.</p>
        ) : (
          <>
            <p className="about">How much of the return {from && <>since {shortDate(from)} </>}the styles explain, by today’s exposures. The rest is what no style explains: the choice of the holdings themselves.</p>
            <Parts
              rows={factors}
              currency={of.base_currency}
              first="Factor"
              name={(row) => (row.name === 'rest' ? 'Rest' : (labels.get(row.name) ?? words(row.name)))}
              total={{ pnl: null, contribution: whole ?? null }}
            />
          </>
        )}
      </section>
    </div>
  );
}

interface Props {
  rows: readonly Row[];
  currency: string;
  first: string;
  name: (row: Row) => React.ReactNode;
  total?: { pnl: number | null; contribution: number | null };
}

function Parts({ rows, currency, first, name, total }: Props) {
  const full = Math.max(LEAST, ...rows.map((row) => Math.abs(row.contribution ?? 0)));
  const paid = rows.some((row) => row.pnl != null);
  return (
    <table className="plain-table contributions">
      <thead>
        <tr>
          <th scope="col">{first}</th>
          {paid && <th scope="col" className="number">Profit</th>}
          <th scope="col" className="number">Part of the return</th>
          <td aria-hidden="true" className="picture phone-gone" />
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <th scope="row">{name(row)}</th>
            {paid && <td className="number">{signedMoney(row.pnl, currency)}</td>}
            <td className="number nowrap">{change(row.contribution)}</td>
            <td aria-hidden="true" className="picture phone-gone">{row.contribution != null && <Diverging value={row.contribution} full={full} />}</td>
          </tr>
        ))}
      </tbody>
      {total && (
        <tfoot>
          <tr>
            <th scope="row">Together</th>
            {paid && <td className="number">{signedMoney(total.pnl, currency)}</td>}
            <td className="number nowrap">{change(total.contribution)}</td>
            <td className="picture phone-gone" />
          </tr>
        </tfoot>
      )}
    </table>
  );
}
