import { Empty } from '@/ui/states';

/** How boxes come in. */
export function NoBoxes() {
  return (
    <Empty title="No boxes yet">
      <p>Boxes come from files that you bring: a row a box and day, with its floor price, its listings and what was sold.</p>
      <ol>
        <li><code>pacesetter import boxes FILE</code> takes CSV or JSON; <code>--dry-run</code> says what would happen.</li>
        <li>They are ranked at once, on every day that the file has.</li>
      </ol>
      <p>A day’s figures of a box that is known can be entered on its page, and by programs: <code>PUT /api/v1/boxes/SYMBOL/observations/DAY</code>.</p>
    </Empty>
  );
}
