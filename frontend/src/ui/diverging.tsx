/** A value as a bar to the right or left of zero; at ±`full` it fills its half. The figure stands beside it. */
export function Diverging({ value, full }: { value: number; full: number }) {
  const reach = Math.min(Math.abs(value) / full, 1) * 50;
  return (
    <svg viewBox="0 0 100 10" preserveAspectRatio="none">
      <rect className="track" width="100" height="10" rx="2" />
      <rect className={value < 0 ? 'minus' : 'plus'} x={value < 0 ? 50 - reach : 50} width={reach} height="10" />
      <line className="axis" x1="50" x2="50" y2="10" />
    </svg>
  );
}
