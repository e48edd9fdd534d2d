import { shortDate } from '@/lib/format';

interface Props {
  /** Days with observations, newest first. */
  days: string[];
  shown: string | null;
  /** Nothing: the newest. */
  onPick: (day: string | undefined) => void;
  /** The day that is shown where none is chosen. */
  usual: string | null;
}

/** Which day is shown, of those on which somebody looked. */
export function DayPicker({ days, shown, usual, onPick }: Props) {
  const at = days.indexOf(shown ?? '');
  const [newer, older] = [days[at - 1], at < 0 ? undefined : days[at + 1]];
  const pick = (day: string): void => onPick(day === usual ? undefined : day);
  return (
    <span className="picker">
      <Step label="The observed day before" to={older} onPick={pick}>‹</Step>
      <label>
        <span className="hidden">Day </span>
        <select value={shown ?? ''} disabled={!days.length} onChange={(event) => pick(event.currentTarget.value)}>
          {at < 0 && <option value={shown ?? ''}>{shown ? shortDate(shown) : 'no day yet'}</option>}
          {days.map((day) => <option key={day} value={day}>{shortDate(day)}</option>)}
        </select>
      </label>
      <Step label="The observed day after" to={newer} onPick={pick}>›</Step>
    </span>
  );
}

function Step({ label, to, onPick, children }: { label: string; to: string | undefined; onPick: (day: string) => void; children: string }) {
  const said = to ? `${label}: ${shortDate(to)}` : `${label}: none`;
  return (
    <button type="button" className="icon" aria-label={said} title={said} disabled={!to} onClick={() => to && onPick(to)}>
      {children}
    </button>
  );
}
