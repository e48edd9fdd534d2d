import type { Ready } from '@/api/queries';
import { counted, instant, shortDate } from '@/lib/format';

const MARKS: Record<string, [string, string]> = {
  current: ['✓', 'Data is current'],
  warning: ['!', 'Data is one session behind'],
  critical: ['✕', 'Data is behind'],
};

/** How well the data is: a mark, a word, and the sentence behind it. */
export function DataHealth({ ready, held }: { ready: Ready; held: number }) {
  if (!ready.as_of) return null;
  const [mark, word] = MARKS[ready.freshness] ?? ['?', ready.freshness];
  return (
    <aside className={`health ${ready.freshness}`} aria-label="Data health">
      <span className="mark" aria-hidden="true">{mark}</span>
      <b>{word}</b>
      {/* How far it is behind, the notice above says already. */}
      {!ready.stale && <span>the newest completed session, {shortDate(ready.as_of)}, is ranked</span>}
      <span>next prices expected {instant(ready.fresh_until)}</span>
      {ready.source && <span>source: {ready.source}</span>}
      {held > 0 && <span><span aria-hidden="true">⚠</span> {counted(held, 'suspicious price')} of leaders held back</span>}
    </aside>
  );
}
