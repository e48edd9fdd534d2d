/** Money and counts of shares as text: exact amounts stay exact, values are rounded to what they can bear. */

const NONE = '–';
const MINUS = '−';
const LARGE = 10_000; // from here on, hundredths say nothing

/** `1234.5` in USD → `$1,234.50`; with so many decimals, or the currency's own and none where it is large. */
export function money(value: number | null | undefined, currency: string, digits?: number): string {
  if (value == null || !Number.isFinite(value)) return NONE;
  const size = inCurrency(Math.abs(value), currency, digits ?? (Math.abs(value) >= LARGE ? 0 : undefined));
  return value < 0 && /[1-9]/.test(size) ? MINUS + size : size;
}

/** The same with its sign; what rounds to nothing has none. */
export function signedMoney(value: number | null | undefined, currency: string, digits?: number): string {
  if (value == null || !Number.isFinite(value)) return NONE;
  const text = money(value, currency, digits);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

function inCurrency(size: number, currency: string, digits: number | undefined): string {
  try {
    return new Intl.NumberFormat('en-GB', {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
      ...(digits !== undefined && { minimumFractionDigits: digits, maximumFractionDigits: digits }),
    }).format(size);
  } catch {
    return `${size.toFixed(digits ?? 2)} ${currency}`; // no code that the browser knows
  }
}

/** A decimal string as it is, with its thousands parted: `-1234.500` → `−1,234.5`. */
export function exact(text: string | null | undefined): string {
  const [, minus = '', whole = '', part = ''] = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text ?? '') ?? [];
  if (!whole) return text ? text : NONE;
  const parted = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const rest = part.replace(/0+$/, '');
  return `${minus && MINUS}${parted}${rest && `.${rest}`}`;
}

/** A price or amount that is kept exactly: at least two decimals. */
export function exactPrice(text: string | null | undefined): string {
  const said = exact(text);
  if (said === NONE || !/\d/.test(said)) return said;
  const [, part = ''] = said.split('.');
  return part.length >= 2 ? said : `${said}${part ? '' : '.'}${'0'.repeat(2 - part.length)}`;
}

/** The same for reading: two decimals where it is one or more, all of them below that. */
export function roundedPrice(text: string | null | undefined): string {
  const value = Number(text);
  if (!text || !Number.isFinite(value) || Math.abs(value) < 1) return exactPrice(text);
  return exactPrice(value.toFixed(2));
}
