import { expect, test } from 'vitest';
import type { Domain } from '@/api/queries';
import { furthest, moverBoards } from './movers';

const board = (slug: string, n: number): Domain => ({ slug, name: slug, members: Array.from({ length: n }, (_, i) => `S${i}`) }) as unknown as Domain;

test('movers of the largest board, where it is large; else of all', () => {
  expect(moverBoards([board('ev', 4), board('all', 500)], undefined)).toEqual(['all']);
  expect(moverBoards([board('ev', 4), board('tech', 5)], undefined)).toEqual(['ev', 'tech']);
  expect(moverBoards([board('ev', 4), board('all', 500)], 'ev')).toEqual(['ev']);
  expect(moverBoards([board('ev', 4)], 'gone')).toEqual(['ev']);
});

test('the furthest each way, a symbol once', () => {
  const rows = [['A', 3], ['B', -9], ['A', 5], ['C', 0], ['D', null]].map(([symbol, change]) => ({ symbol: String(symbol), rank_change: change as number | null }));
  expect(furthest(rows, 1)).toEqual([{ symbol: 'A', rank_change: 5 }]);
  expect(furthest(rows, -1)).toEqual([{ symbol: 'B', rank_change: -9 }]);
});
