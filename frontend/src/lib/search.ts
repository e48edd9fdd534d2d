/** What a page's address may say. Anything unreadable is dropped, so an old or mangled link still opens. */

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function readText(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text !== '' ? text : undefined;
}

export function readDay(value: unknown): string | undefined {
  const text = readText(value);
  return text && DAY.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined;
}

export function readOneOf<T extends string>(value: unknown, allowed: readonly T[]): T | undefined {
  return allowed.find((one) => one === value);
}

/** `?a=1&b=x` → `{ a: '1', b: 'x' }`: plain text, without the quotes that JSON would bring into a link. */
export function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const pairs = Object.entries(search).flatMap(([name, value]) =>
    typeof value === 'string' && value !== '' ? [[name, value]] : [],
  );
  const text = new URLSearchParams(pairs).toString().replaceAll('%2C', ',');
  return text ? `?${text}` : '';
}
