/** Imports go one way: lib ← api ← ui ← charts ← features ← app; features never import each other. */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { expect, test } from 'vitest';

const ROOMS = ['lib', 'api', 'ui', 'charts', 'features', 'app'];
const SRC = join(process.cwd(), 'src');

function breaks(file: string, target: string): boolean {
  const [from = '', feature] = file.split('/');
  const [to = '', other] = target.split('/');
  if (!ROOMS.includes(from) || !ROOMS.includes(to)) return false;
  if (from === 'features' && to === 'features') return feature !== other;
  return ROOMS.indexOf(to) > ROOMS.indexOf(from);
}

function imports(file: string): string[] {
  const text = readFileSync(join(SRC, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([@.][^']*)'/g)].flatMap(([, path = '']) => {
    if (path.startsWith('@/')) return [path.slice(2)];
    return path.startsWith('.') ? [normalize(join(dirname(file), path))] : [];
  });
}

test('imports go one way', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => relative('.', name));
  const found = files.flatMap((file) => imports(file).map((target) => [file, target] as const));
  expect(found.length).toBeGreaterThan(80);
  expect(found.filter(([file, target]) => breaks(file, target))).toEqual([]);
});

test.each([
  ['lib/format.ts', 'ui/hidden', true],
  ['features/home/home-page.tsx', 'features/board/columns', true],
  ['features/home/home-page.tsx', 'features/home/search', false],
  ['app/router.tsx', 'features/home/home-page', false],
  ['charts/rank-history-chart.tsx', 'app/theme', true],
])('%s may not import %s: %s', (file, target, expected) => {
  expect(breaks(file, target)).toBe(expected);
});
