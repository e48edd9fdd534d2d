import { expect, test } from 'vitest';
import type { Known } from '@/api/known-symbols';
import type { Domain } from '@/api/queries';
import { aboutSymbols, ASK, askable, find } from './find';

const domains = [{ name: 'AI/Tech', members: ['MSFT', 'AAPL'] }, { name: 'Large', members: ['AAPL'] }] as unknown as Domain[];
const named = (name: string | null): Known => ({ name, pricedUntil: null, active: true });
const known = new Map([['AAPL', named('Apple Inc')], ['APLE', named('Apple Hospitality')], ['A', named(null)]]);

const found = (query: string, about = aboutSymbols(domains, known)): string[] => {
  const symbols = [...about].map(([label, description]) => ({ id: label, label, description }));
  const boards = [{ id: 'b', label: 'AI/Tech', description: 'Who makes it' }];
  const groups = find(query, [{ group: 'Boards', actions: boards }, { group: 'Symbols', actions: symbols }]);
  return groups.flatMap((group) => ('actions' in group ? group.actions.map(({ id }) => id) : []));
};

test('symbols are told with name and boards, by ticker; those on no board too', () => {
  expect([...aboutSymbols(domains, known)]).toEqual([
    ['A', 'on no board'], ['AAPL', 'Apple Inc · on AI/Tech, Large'], ['APLE', 'Apple Hospitality · on no board'], ['MSFT', 'on AI/Tech'],
  ]);
  expect(aboutSymbols(domains, undefined).get('AAPL')).toBe('on AI/Tech, Large'); // before the names are here
});

test('a name finds its ticker, and the ticker itself comes first', () => {
  expect(found('apple')).toEqual(['AAPL', 'APLE']);
  expect(found(' A ')[0]).toBe('A');
  expect(found('aap')).toEqual(['AAPL']);
  expect(found('hospital')).toEqual(['APLE']);
  expect(found('ai/tech')[0]).toBe('b');
  expect(found('nothing of that kind')).toEqual([]);
  expect(found('')).toHaveLength(5);
});

test('what may be a symbol and is not known can be asked for, behind all that fits', () => {
  const known = new Map([['AAPL', null]]);
  expect([askable(' zzz ', known), askable('aapl', known), askable('two words', known), askable('', known), askable('averyveryl0ng', known)]).toEqual(['ZZZ', undefined, undefined, undefined, undefined]);
  const groups = [
    { group: 'Not known yet', actions: [{ id: ASK, label: 'Ask for EV' }] },
    { group: 'Boards', actions: [{ id: 'x', label: 'Old', description: 'seven' }] },
  ];
  expect(find('ev', groups).map((one) => 'group' in one && one.group)).toEqual(['Boards', 'Not known yet']);
});
