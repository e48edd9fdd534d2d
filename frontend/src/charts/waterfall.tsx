/** How a figure became another one, cause by cause. */

export interface Step {
  label: string;
  /** What it adds; positive is better. */
  share: number;
  /** The share as text. */
  said: string;
  note?: string;
}

interface Props {
  from: { label: string; said: string };
  to: { label: string; said: string };
  steps: Step[];
  caption: string;
  /** The head of the column of shares. */
  unit: string;
}

/** A table whose bars hang where the one above ended: read as figures, seen as a fall. */
export function Waterfall({ from, to, steps, caption, unit }: Props) {
  const bars = hang(steps);
  const at = bars.at(-1)?.end ?? 0;
  const reach = [0, at, ...bars.flatMap((bar) => [bar.start, bar.end])];
  const [low, high] = [Math.min(...reach), Math.max(...reach)];
  const x = (value: number): number => ((value - low) / (high - low || 1)) * 100;
  return (
    <table className="waterfall">
      <caption className="hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Cause</th>
          <td aria-hidden="true" />
          <th scope="col" className="number">{unit}</th>
        </tr>
      </thead>
      <tbody>
        <End {...from} at={x(0)} />
        {bars.map((bar) => (
          <tr key={bar.label}>
            <th scope="row">{bar.label}</th>
            <td aria-hidden="true" className="picture">
              <svg viewBox="0 0 100 16" preserveAspectRatio="none">
                <line className="axis" x1={x(0)} x2={x(0)} y2="16" />
                <rect
                  className={bar.share < 0 ? 'minus' : 'plus'}
                  x={Math.min(x(bar.start), x(bar.end))}
                  y="2"
                  width={Math.max(Math.abs(x(bar.end) - x(bar.start)), 0.6)}
                  height="12"
                />
                <line className="link" x1={x(bar.end)} x2={x(bar.end)} y1="14" y2="18" />
              </svg>
            </td>
            <td className="number">
              <span title={bar.note}>{bar.said}</span>
            </td>
          </tr>
        ))}
        <End {...to} at={x(at)} zero={x(0)} />
      </tbody>
    </table>
  );
}

/** Each step with where it starts and ends: the next starts where the one before ended. */
export function hang(steps: Step[]): (Step & { start: number; end: number })[] {
  const ends = steps.map((_, i) => steps.slice(0, i + 1).reduce((sum, step) => sum + step.share, 0));
  return steps.map((step, i) => ({ ...step, start: ends[i - 1] ?? 0, end: ends[i] ?? 0 }));
}

function End({ label, said, at, zero }: { label: string; said: string; at: number; zero?: number }) {
  return (
    <tr className="end">
      <th scope="row">{label}</th>
      <td aria-hidden="true" className="picture">
        <svg viewBox="0 0 100 16" preserveAspectRatio="none">
          {zero !== undefined && <line className="axis" x1={zero} x2={zero} y2="16" />}
          <rect className="tick" x={Math.min(Math.max(at - 0.5, 0), 99)} width="1" height="16" />
        </svg>
      </td>
      <td className="number">{said}</td>
    </tr>
  );
}
