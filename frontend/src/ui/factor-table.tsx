import type { Factor } from '@/api/queries';
import { decimals, percent, raw, signed, words } from '@/lib/format';
import { Diverging } from './diverging';

const FULL = 0.6;

interface Props {
  factors: Record<string, Factor>;
  composite: number | null;
  coverage: number | null;
  caption: string;
}

/** Every factor of a rank: raw value, z, weight, and weight × z, which add up to the composite. */
export function FactorTable({ factors, composite, coverage, caption }: Props) {
  return (
    // A region that may scroll is reached by the keyboard too.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="wide" role="region" aria-label={caption} tabIndex={0}>
      <table className="factors">
        <caption className="hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Factor</th>
            <th scope="col" className="number">Raw</th>
            <th scope="col" className="number">z</th>
            <th scope="col" className="number weight">Weight</th>
            <th scope="col" className="number" title="weight × z">Adds</th>
            <td aria-hidden="true" className="picture" />
          </tr>
        </thead>
        <tbody>
          {Object.entries(factors).map(([name, factor]) => (
            <tr key={name}>
              <th scope="row">
                {words(name)}
                {factor.missing_reason && <span className="note">missing: {factor.missing_because}</span>}
              </th>
              <td className="number">{raw(factor.raw)}</td>
              <td className="number">{factor.missing_reason ? '–' : signed(factor.normalized)}</td>
              <td className="number weight">{percent(factor.weight)}</td>
              <td className="number">{signed(factor.contribution)}</td>
              <td className="picture" aria-hidden="true">{!factor.missing_reason && <Diverging value={factor.contribution ?? 0} full={FULL} />}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">composite<span className="note">coverage {decimals(coverage, 2)}</span></th>
            <td />
            <td />
            <td className="weight" />
            <td className="number">{signed(composite)}</td>
            <td className="picture" />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
