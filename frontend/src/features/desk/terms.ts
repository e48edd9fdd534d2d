/** What is typed into the forms of a decision, and what is wrong with it. Amounts stay text: they are exact. */

import { readDecimal } from '@/lib/decimal';

/** An amount above zero, as `readDecimal` reads it. */
export function readAmount(typed: string): string | undefined {
  const read = readDecimal(typed);
  return Number(read) > 0 ? read : undefined;
}

export interface Terms {
  quantity: string;
  price: string;
  stop: string;
  target: string;
}

export type TermErrors = Partial<Record<keyof Terms, string>>;

const NO_NUMBER = 'A number above zero with a decimal point, such as 125.50';

/** What is wrong with changed terms; nothing where they can be sent. An empty stop or target stays as it is. */
export function checkTerms(terms: Terms, action: string): TermErrors {
  const found: TermErrors = {};
  for (const [name, typed] of Object.entries(terms) as [keyof Terms, string][]) {
    if (typed.trim() !== '' && readAmount(typed) === undefined) found[name] = NO_NUMBER;
  }
  if (Object.keys(found).length || action !== 'BUY') return found;
  const [stop, price, target] = [terms.stop, terms.price, terms.target].map((typed) => (readAmount(typed) === undefined ? undefined : Number(readAmount(typed))));
  if (price !== undefined && stop !== undefined && stop >= price) found.stop = 'The stop has to lie below the price';
  if (price !== undefined && target !== undefined && target <= price) found.target = 'The target has to lie above the price';
  return found;
}

/** The terms that differ from those that stand, as they are sent; undefined where none does. */
export function changedTerms(terms: Terms, before: Terms): Partial<Terms> | undefined {
  const changed = (Object.keys(terms) as (keyof Terms)[]).flatMap((name) => {
    const now = readAmount(terms[name]);
    return now !== undefined && now !== readAmount(before[name]) ? [[name, now] as const] : [];
  });
  return changed.length ? Object.fromEntries(changed) : undefined;
}

export interface TradeFields {
  price: string;
  quantity: string;
  traded_on: string;
  commission: string;
}

export type TradeErrors = Partial<Record<keyof TradeFields, string>>;

/** What is wrong with a trade that is logged. */
export function checkTrade(fields: TradeFields, decidedOn: string, today: string): TradeErrors {
  const found: TradeErrors = {};
  if (readAmount(fields.price) === undefined) found.price = NO_NUMBER;
  if (readAmount(fields.quantity) === undefined) found.quantity = NO_NUMBER;
  if (fields.commission.trim() !== '' && !/^0+(\.0+)?$/.test(fields.commission.trim()) && readAmount(fields.commission) === undefined) {
    found.commission = 'A number with a decimal point, 0 for none';
  }
  if (!fields.traded_on) found.traded_on = 'A day';
  else if (fields.traded_on > today) found.traded_on = 'That day has not come yet';
  else if (fields.traded_on < decidedOn) found.traded_on = 'That is before it was decided';
  return found;
}

/** How far a price is from another: `−8.0 %`. */
export function awayPct(price: string | null | undefined, from: string | null | undefined): number | null {
  const [a, b] = [Number(price), Number(from)];
  return price && from && Number.isFinite(a) && b > 0 ? (a / b - 1) * 100 : null;
}
