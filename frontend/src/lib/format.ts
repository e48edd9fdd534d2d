/** Figures, dates and changes as text. A missing value is an en dash, a minus is a real one. */

const NONE = '–';
const MINUS = '−';

/** A number with a fixed count of decimals. */
export function decimals(value: number | null | undefined, digits = 1): string {
  if (value == null || !Number.isFinite(value)) return NONE;
  return value.toFixed(digits).replace('-', MINUS);
}

/** The same with its thousands parted. */
export function grouped(value: number | null | undefined, digits = 1): string {
  if (value == null || !Number.isFinite(value)) return NONE;
  return value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace('-', MINUS);
}

/** The same with its sign; what rounds to nothing has none. */
export function signed(value: number | null | undefined, digits = 2): string {
  if (value == null || !Number.isFinite(value)) return NONE;
  const text = decimals(Math.abs(value), digits);
  if (Number(text) === 0) return text;
  return (value < 0 ? MINUS : '+') + text;
}

/** A raw factor value: as many decimals as its size can bear. */
export function raw(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  return decimals(value, size >= 100 ? 1 : size >= 1 ? 2 : 4);
}

/** A price: two decimals, four where it is below one. */
export function price(value: number | null | undefined): string {
  if (value == null) return NONE;
  const digits = Math.abs(value) < 1 ? 4 : 2;
  return value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace('-', MINUS);
}

/** A change as a share: 0.012 → `+1.20 %`. */
export function change(share: number | null | undefined, digits = 2): string {
  return share == null || !Number.isFinite(share) ? NONE : `${signed(share * 100, digits)} %`;
}

/** A large count in short: 2,482,273 → `2.5M`. */
export function short(count: number | null | undefined): string {
  return count == null ? NONE : new Intl.NumberFormat('en-GB', { notation: 'compact', maximumFractionDigits: 1 }).format(count);
}

export function percent(share: number | null | undefined, digits = 0): string {
  return share == null ? NONE : `${decimals(share * 100, digits)} %`;
}

/** `2026-06-30` → `Tuesday, 30 June 2026`. A date is a day, whatever the time zone here. */
export function longDate(day: string): string {
  return dated(day, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
}

/** `2026-06-30` → `30 June 2026`. */
export function longDay(day: string): string {
  return dated(day, { day: 'numeric', month: 'long', year: 'numeric' });
}

/** `2026-06-30` → `30 Jun 2026`. */
export function shortDate(day: string): string {
  return dated(day, { day: 'numeric', month: 'short', year: 'numeric' });
}

/** An instant in the reader's own time zone, which is named. */
export function instant(at: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(new Date(at));
}

/** The same with its year, for what may be long ago. */
export function instantInFull(at: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at));
}

function dated(day: string, parts: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-GB', { ...parts, timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
}

/** Whether a text names a day that there is: 2026-02-30 is none. */
export function isDay(text: string): boolean {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** What the server says, its dates as all others are written; not those of a command, a file's name or an instant. */
export function withDays(text: string): string {
  return text.replace(/`[^`]*`|(?<![\w-])\d{4}-\d\d-\d\d(?![\w-])/g, (one) => (isDay(one) ? shortDate(one) : one));
}

/** What the server remarks, as a sentence. */
export function sentence(text: string): string {
  return withDays(`${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`);
}

/** `relative_strength` → `relative strength`. */
export function words(name: string): string {
  return name.replaceAll('_', ' ');
}

/** `1 session`, `2 sessions`. */
export function counted(count: number, noun: string, several = `${noun}s`): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? noun : several}`;
}
