import type { Factor } from '@/api/queries';
import { signed, words } from '@/lib/format';

const FULL = 0.6; // a contribution of this size fills half of the picture's height
const WIDTH = 64;
const HEIGHT = 30;

/** What each factor adds to (up) or takes from (down) the composite; a dashed box has no value. */
export function ContributionBars({ factors }: { factors: Record<string, Factor> }) {
  const entries = Object.entries(factors);
  const step = WIDTH / Math.max(entries.length, 1);
  return (
    <svg className="bars" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <line className="axis" x2={WIDTH} y1={HEIGHT / 2} y2={HEIGHT / 2} />
      {entries.map(([name, factor], i) => {
        const x = i * step + 1;
        if (factor.missing_reason || factor.contribution == null) {
          return <rect key={name} className="none" x={x} y={HEIGHT / 2 - 3} width={step - 2} height="6" />;
        }
        const h = Math.min(Math.abs(factor.contribution) / FULL, 1) * (HEIGHT / 2 - 1);
        const plus = factor.contribution >= 0;
        return (
          <rect
            key={name}
            className={plus ? 'plus' : 'minus'}
            x={x}
            y={plus ? HEIGHT / 2 - h : HEIGHT / 2}
            width={step - 2}
            height={Math.max(h, 0.75)}
          />
        );
      })}
    </svg>
  );
}

/** The same in words. */
export function contributionsInWords(factors: Record<string, Factor>): string {
  return Object.entries(factors)
    .map(([name, f]) => `${words(name)} ${f.missing_reason ? f.missing_because : signed(f.contribution)}`)
    .join(', ');
}
