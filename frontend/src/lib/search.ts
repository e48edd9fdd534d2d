/** What a page's address may say. Anything unreadable is dropped, so an old or mangled link still opens. */

import { isDay } from './format';

export type ReadSearch = (given: Record<string, unknown>) => object;

/** An address read by `read` alone. The router would keep what it is not told of: a day that is none, a view that there is no more. */
export function only(read: ReadSearch): ReadSearch {
  return (given) => ({ ...Object.fromEntries(Object.keys(given).map((name) => [name, undefined])), ...read(given) });
}

export function readText(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text !== '' ? text : undefined;
}

export function readDay(value: unknown): string | undefined {
  const text = readText(value);
  return text && isDay(text) ? text : undefined;
}

export function readOneOf<T extends string>(value: unknown, allowed: readonly T[]): T | undefined {
  return allowed.find((one) => one === value);
}

/** `?a=1&b=x` → `{ a: '1', b: 'x' }`: plain text, without the quotes that JSON would bring into a link. A name without a value says nothing. */
export function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries([...new URLSearchParams(text)].filter(([, value]) => value));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const pairs = Object.entries(search).flatMap(([name, value]) =>
    typeof value === 'string' && value !== '' ? [[name, value]] : [],
  );
  const text = new URLSearchParams(pairs).toString().replaceAll('%2C', ',');
  return text ? `?${text}` : '';
}
