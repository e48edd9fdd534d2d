import { Tooltip } from '@mantine/core';
import type { Factor } from '@/api/queries';
import { decimals, percent, raw, signed, words } from '@/lib/format';

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
                <FactorName name={name} factor={factor} />
                {factor.missing_reason && <span className="note">missing: {factor.missing_because}</span>}
              </th>
              <td className="number">{raw(factor.raw)}</td>
              <td className="number">{factor.missing_reason ? '–' : signed(factor.normalized)}</td>
              <td className="number weight">{percent(factor.weight)}</td>
              <td className="number">{signed(factor.contribution)}</td>
              <td className="picture" aria-hidden="true">{!factor.missing_reason && <Diverging value={factor.contribution ?? 0} />}</td>
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

/** A factor's name; with its formula where the API gives one. */
function FactorName({ name, factor }: { name: string; factor: Factor }) {
  const formula = 'formula' in factor && typeof factor.formula === 'string' ? factor.formula : null;
  if (!formula) return words(name);
  return (
    <Tooltip label={formula} multiline maw={320} events={{ hover: true, focus: true, touch: true }}>
      <button type="button" className="term">{words(name)}</button>
    </Tooltip>
  );
}

function Diverging({ value }: { value: number }) {
  const reach = Math.min(Math.abs(value) / FULL, 1) * 50;
  return (
    <svg viewBox="0 0 100 10" preserveAspectRatio="none">
      <rect className="track" width="100" height="10" rx="2" />
      <rect className={value < 0 ? 'minus' : 'plus'} x={value < 0 ? 50 - reach : 50} width={reach} height="10" />
      <line className="axis" x1="50" x2="50" y2="10" />
    </svg>
  );
}
