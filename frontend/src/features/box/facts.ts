/** The facts of a box as a person edits them. */

import type { BoxFacts } from '@/api/boxes';

/** Name, label, most characters, and the kind of its field. */
export const FACTS = [
  ['name', 'Name', 200, 'text'],
  ['game', 'Game', 80, 'text'],
  ['set_code', 'Set code', 20, 'text'],
  ['set_name', 'Set name', 120, 'text'],
  ['variant', 'Variant', 80, 'text'],
  ['released_on', 'Released on', 10, 'date'],
  ['image_url', 'Picture, https://…', 500, 'url'],
] as const;

export type Fact = (typeof FACTS)[number][0] | 'reprint_risk';
type Facts = Record<Fact, string>;

export function factsOf(box: BoxFacts): Facts {
  const names: Fact[] = [...FACTS.map(([name]) => name), 'reprint_risk'];
  return Object.fromEntries(names.map((name) => [name, box[name] ?? ''])) as Facts;
}

/** Only what differs; null clears a fact. */
export function whatChanged(before: Facts, after: Facts): Partial<Record<Fact, string | null>> {
  const names = Object.keys(after) as Fact[];
  return Object.fromEntries(names.filter((name) => after[name].trim() !== before[name]).map((name) => [name, after[name].trim() || null]));
}
