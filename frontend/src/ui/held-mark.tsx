import { counted } from '@/lib/format';
import { Hidden } from './hidden';

/** Some prices of the symbol wait for a decision and are not used. */
export function HeldMark({ bars }: { bars: number }) {
  if (!bars) return null;
  const said = `${counted(bars, 'suspicious price')} held back`;
  return (
    <span className="held" title={said}>
      <span aria-hidden="true">⚠</span>
      <Hidden> {said}</Hidden>
    </span>
  );
}
