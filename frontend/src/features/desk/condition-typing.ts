/** Help while a condition is typed: which fact is meant, and what putting one in makes of the text. */

import type { Fact } from '@/api/watchlist';

const WORD = /[A-Za-z][A-Za-z0-9_.]*$/;
const JOINS = new Set(['and', 'or', 'crosses', 'above', 'below']);

/** The word that is being typed before a place in the text; none where a number or a sign is. */
export function wordBefore(text: string, at: number): string {
  const word = WORD.exec(text.slice(0, at))?.[0] ?? '';
  return JOINS.has(word.toLowerCase()) ? '' : word;
}

/** Facts whose name or meaning has what is typed: names that begin so first. */
export function matchFacts<F extends Pick<Fact, 'fact' | 'words'>>(facts: readonly F[], typed: string, most: number): F[] {
  const query = typed.toLowerCase();
  const grade = ({ fact, words }: F): number => {
    if (!query) return 2;
    if (fact === query) return 9; // it is there already
    if (fact.startsWith(query) || fact.slice(fact.indexOf('.') + 1).startsWith(query)) return 0;
    if (fact.includes(query)) return 1;
    return words.toLowerCase().includes(query) ? 2 : 9;
  };
  return facts
    .map((fact, place) => ({ fact, place, at: grade(fact) }))
    .filter(({ at }) => at < 9)
    .sort((a, b) => a.at - b.at || a.place - b.place)
    .slice(0, most)
    .map(({ fact }) => fact);
}

/** The text with a fact in the place of the word before a place, and the place behind it. */
export function putFact(text: string, at: number, fact: string): { text: string; at: number } {
  const before = text.slice(0, at).slice(0, at - wordBefore(text, at).length);
  const gap = before === '' || /[\s(]$/.test(before) ? '' : ' ';
  const rest = text.slice(at);
  const put = `${before}${gap}${fact}${rest.startsWith(' ') ? '' : ' '}`;
  return { text: put + rest, at: put.length };
}

export interface WatchFields {
  symbol: string;
  condition: string;
  thesis: string;
  expires_on: string;
  hysteresis: string;
  rest: string;
}

export type WatchErrors = Partial<Record<keyof WatchFields, string>>;

/** What is wrong with the fields, as far as that can be told without the server. */
export function checkWatch(fields: WatchFields, today: string): WatchErrors {
  const found: WatchErrors = {};
  if (!fields.symbol.trim()) found.symbol = 'Which symbol';
  if (!fields.condition.trim()) found.condition = 'What to wait for';
  else if (count(fields.condition, '(') !== count(fields.condition, ')')) found.condition = 'A bracket is open, or one too many';
  if (fields.expires_on && fields.expires_on < today) found.expires_on = 'That day is over';
  const back = Number(fields.hysteresis);
  if (!/^\d+(\.\d+)?$/.test(fields.hysteresis.trim()) || back > 100) found.hysteresis = 'A number from 0 to 100';
  if (!/^\d+$/.test(fields.rest.trim()) || Number(fields.rest) > 3650) found.rest = 'Whole days, 0 to 3650';
  return found;
}

const count = (text: string, sign: string): number => text.split(sign).length - 1;
