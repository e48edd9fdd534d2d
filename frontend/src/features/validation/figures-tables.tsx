import type { Line } from '@/api/validation';
import { decimals, percent, signed, words } from '@/lib/format';

/** The score's figures, a row a horizon. */
export function HorizonTable({ lines }: { lines: Line[] }) {
  return (
    // A region that may scroll is reached by the keyboard too.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="wide" role="region" aria-label="Figures by horizon" tabIndex={0}>
      <table className="plain-table figures-table">
        <thead>
          <tr>
            <th scope="col">Horizon</th>
            <th scope="col" className="number"><abbr title="Mean rank correlation of score and later return; 0 is chance, 0.05 is good">IC</abbr></th>
            <th scope="col" className="number"><abbr title="How many standard errors from 0, with overlapping returns taken into account (Newey-West)">t</abbr></th>
            <th scope="col" className="number"><abbr title="How often chance alone goes this far">p</abbr></th>
            <th scope="col" className="number"><abbr title="Mean IC over its own scatter: how steady it is">ICIR</abbr></th>
            <th scope="col" className="number"><abbr title="Sessions with an IC">n</abbr></th>
            <th scope="col" className="number"><abbr title="Mean return of the best group less that of the worst">Spread</abbr></th>
            <th scope="col" className="number"><abbr title="Share of the best group that is new after the horizon">Turnover</abbr></th>
            <th scope="col" className="number"><abbr title="How much of the order is still there after the horizon; 1 is all">Autocorr.</abbr></th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.horizon}>
              <th scope="row">{sessions(line.horizon)}</th>
              <td className="number"><b>{signed(line.ic, 3)}</b></td>
              <td className="number"><Told t={line.t} /></td>
              <td className="number">{decimals(line.p, 2)}</td>
              <td className="number">{signed(line.icir, 2)}</td>
              <td className="number">{line.n.toLocaleString('en-GB')}</td>
              <td className="number">{line.spread == null ? '–' : `${signed(line.spread * 100, 2)} %`}</td>
              <td className="number">{percent(line.turnover)}</td>
              <td className="number">{decimals(line.rank_autocorrelation, 2)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Each factor by itself: its IC at every horizon, marked where the t is beyond ±2. */
export function FactorICs({ rows, horizons }: { rows: Line[]; horizons: number[] }) {
  const names = [...new Set(rows.map((line) => line.what))];
  const at = (what: string, horizon: number): Line | undefined => rows.find((line) => line.what === what && line.horizon === horizon);
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="wide" role="region" aria-label="Information coefficients by factor" tabIndex={0}>
      <table className="plain-table figures-table">
        <thead>
          <tr>
            <th scope="col">IC of</th>
            {horizons.map((horizon) => <th key={horizon} scope="col" className="number">{sessions(horizon)}</th>)}
          </tr>
        </thead>
        <tbody>
          {names.map((what) => (
            <tr key={what}>
              <th scope="row">{what === 'score' ? <b>the score</b> : words(what)}</th>
              {horizons.map((horizon) => {
                const line = at(what, horizon);
                return (
                  <td key={horizon} className="number" title={line?.t == null ? undefined : `t ${signed(line.t, 1)}, n ${line.n}`}>
                    {signed(line?.ic, 3)} {Math.abs(line?.t ?? 0) >= 2 && <b title="t beyond ±2">*</b>}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Told({ t }: { t: number | null }) {
  const beyond = t != null && Math.abs(t) >= 2;
  return <span className={beyond ? (t > 0 ? 'change up' : 'change down') : ''}>{signed(t, 1)}{beyond && ' *'}</span>;
}

export function sessions(horizon: number): string {
  return horizon === 1 ? '1 session' : `${horizon} sessions`;
}
