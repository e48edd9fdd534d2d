interface Props {
  bars: { name: string; value: number | null; said: string }[];
  label: string;
}

/** A few named values as columns around zero, each with its figure. */
export function ValueBars({ bars, label }: Props) {
  const values = bars.flatMap((bar) => (bar.value == null ? [] : [bar.value]));
  const top = Math.max(0, ...values);
  const low = Math.min(0, ...values);
  const span = top - low || 1;
  const zero = (top / span) * 100;
  return (
    <div className="value-bars" role="img" aria-label={label}>
      {bars.map(({ name, value, said }) => {
        const size = (Math.abs(value ?? 0) / span) * 100;
        const minus = (value ?? 0) < 0;
        return (
          <div key={name} className="value-bar">
            <span className="figure">{said}</span>
            <svg viewBox="0 0 10 100" preserveAspectRatio="none" aria-hidden="true">
              {value != null && <rect className={minus ? 'minus' : 'plus'} width="10" y={minus ? zero : zero - size} height={Math.max(size, 0.6)} />}
              <line className="axis" x2="10" y1={zero} y2={zero} vectorEffect="non-scaling-stroke" />
            </svg>
            <span className="note">{name}</span>
          </div>
        );
      })}
    </div>
  );
}
