import { shortDate, signed } from '@/lib/format';
import { Hidden } from './hidden';

/** A change in percent: a shape, a sign and the figure, and the day it is measured from under the pointer and for screen readers. */
export function Moved({ percent, since }: { percent: number; since: string | null }) {
  const text = `${signed(percent, 1)} %`;
  const kind = !/[1-9]/.test(text) ? 'same' : percent > 0 ? 'up' : 'down';
  const from = since ? `since ${shortDate(since)}` : '';
  return (
    <span className={`change ${kind}`} title={from || undefined}>
      <span aria-hidden="true">{{ up: '▲', down: '▼', same: '=' }[kind]}</span> {text}
      {from && <Hidden> {from}</Hidden>}
    </span>
  );
}
