import type { Month } from '@/api/validation';
import { signed } from '@/lib/format';

const HEIGHT = 120;
const YEAR = 12;

/** A bar a month around zero, and the mean of the last twelve as a line. */
export function MonthBars({ months, label }: { months: Month[]; label: string }) {
  const reach = Math.max(0.05, ...months.map((one) => Math.abs(one.ic)));
  const step = 100 / Math.max(months.length, 1);
  const y = (ic: number): number => HEIGHT / 2 - (ic / reach) * (HEIGHT / 2 - 2);
  const line = rolling(months).map((mean, i) => (mean == null ? null : `${(i + 0.5) * step},${y(mean)}`));
  const years = months.flatMap((one, i) => (one.month.slice(5, 7) === '01' ? [[one.month.slice(0, 4), i] as const] : []));
  const every = Math.ceil(years.length / 6);
  return (
    <figure className="month-bars">
      <div className="plot">
        <span className="y top-y">{signed(reach, 2)}</span>
        <span className="y low-y">{signed(-reach, 2)}</span>
        <svg viewBox={`0 0 100 ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
          <line className="axis" x2="100" y1={HEIGHT / 2} y2={HEIGHT / 2} vectorEffect="non-scaling-stroke" />
          {months.map((one, i) => (
            <rect
              key={one.month}
              className={one.ic < 0 ? 'minus' : 'plus'}
              x={i * step + step * 0.12}
              width={step * 0.76}
              y={Math.min(y(one.ic), HEIGHT / 2)}
              height={Math.max(Math.abs(y(one.ic) - HEIGHT / 2), 0.5)}
            >
              <title>{`${one.month.slice(0, 7)}: ${signed(one.ic, 3)} (${one.n} sessions)`}</title>
            </rect>
          ))}
          <polyline className="mean-line" points={line.filter((point) => point !== null).join(' ')} vectorEffect="non-scaling-stroke" />
        </svg>
      </div>
      <div className="x" aria-hidden="true">
        {years.filter((_, i) => i % every === 0).map(([year, i]) => <span key={year} style={{ left: `${i * step}%` }}>{year}</span>)}
      </div>
    </figure>
  );
}

/** The mean of a month and the eleven before it; none before there are twelve. */
export function rolling(months: Pick<Month, 'ic'>[]): (number | null)[] {
  return months.map((_, i) =>
    i < YEAR - 1 ? null : months.slice(i - YEAR + 1, i + 1).reduce((sum, one) => sum + one.ic, 0) / YEAR,
  );
}
