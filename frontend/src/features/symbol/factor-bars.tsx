import type { Standing } from '@/api/symbols';
import { decimals, percent, raw, signed, words } from '@/lib/format';
import { Diverging } from '@/ui/diverging';

const Z_FULL = 3;
const SPREADS = 4; // of the universe, left and right of its centre

/** What a figure's evidence is opened for. */
export type Figure = { kind: 'factor'; name: string } | { kind: 'composite' } | { kind: 'score' };

interface Props {
  standing: Standing;
  onPress: (figure: Figure) => void;
}

/** Every factor raw, where it lies among all that it is compared with, and as z; each figure opens its evidence. */
export function FactorBars({ standing, onPress }: Props) {
  const { row, factors: declared, board } = standing;
  const caption = `What the rank of ${row.symbol} on ${board} is made of`;
  return (
    // A region that may scroll is reached by the keyboard too.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="wide" role="region" aria-label={caption} tabIndex={0}>
      <table className="factors evident">
        <caption className="hidden">{caption}. Each figure opens its evidence.</caption>
        <thead>
          <tr>
            <th scope="col">Factor</th>
            <th scope="col" className="number">Raw</th>
            <td aria-hidden="true" className="picture">among all</td>
            <th scope="col" className="number">z</th>
            <td aria-hidden="true" className="picture">better →</td>
            <th scope="col" className="number weight">Weight</th>
            <th scope="col" className="number">Adds</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(row.factors).map(([name, factor]) => {
            const statistics = declared[name]?.statistics;
            const open = (): void => onPress({ kind: 'factor', name });
            const title = declared[name]?.title ?? words(name);
            return (
              <tr key={name} className={factor.missing_reason ? 'missing' : ''}>
                <th scope="row">
                  {words(name)}
                  {factor.missing_reason && <span className="note">missing: {factor.missing_because}</span>}
                </th>
                <td className="number"><Press label={`raw ${title}`} onPress={open}>{raw(factor.raw)}</Press></td>
                <td className="picture" aria-hidden="true">
                  {statistics && factor.raw != null && <Strip value={factor.raw} centre={statistics.centre} scale={statistics.scale} />}
                </td>
                <td className="number"><Press label={`z of ${title}`} onPress={open}>{factor.missing_reason ? '–' : signed(factor.normalized)}</Press></td>
                <td className="picture" aria-hidden="true">{!factor.missing_reason && <Diverging value={factor.normalized ?? 0} full={Z_FULL} />}</td>
                <td className="number weight">{percent(factor.weight)}</td>
                <td className="number"><Press label={`what ${title} adds`} onPress={open}>{signed(factor.contribution)}</Press></td>
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">composite<span className="note">coverage {decimals(row.coverage, 2)}</span></th>
            <td />
            <td className="picture" />
            <td />
            <td className="picture" />
            <td className="weight" aria-hidden="true" />
            <td className="number">
              <Press label="composite" onPress={() => onPress({ kind: 'composite' })}>{signed(row.composite)}</Press>
            </td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

/** A figure that opens its evidence. */
export function Press({ label, onPress, children }: { label: string; onPress: () => void; children: React.ReactNode }) {
  return (
    <button type="button" className="press" onClick={onPress} title={`Evidence: ${label}`} aria-haspopup="dialog">
      {children}
    </button>
  );
}

/** Where a raw value lies: the middle is the centre of all, the shade one spread around it. */
function Strip({ value, centre, scale }: { value: number; centre: number | null; scale: number | null }) {
  if (centre == null || !scale) return null;
  const at = Math.max(-SPREADS, Math.min(SPREADS, (value - centre) / scale));
  const x = 50 + (at / SPREADS) * 50;
  const one = 50 / SPREADS;
  return (
    <svg viewBox="0 0 100 10" preserveAspectRatio="none">
      <rect className="track" y="4" width="100" height="2" />
      <rect className="spread" x={50 - one} y="2.5" width={2 * one} height="5" />
      <line className="axis" x1="50" x2="50" y2="10" />
      <rect className="tick" x={Math.min(Math.max(x - 1.5, 0), 97)} width="3" height="10" />
    </svg>
  );
}
