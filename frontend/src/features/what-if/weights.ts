/** Weights as the sliders have them (0 to 100 each), as shares of one, and as a method. */

import type { Method } from '@/api/methods';

export type Weights = Record<string, number>;

/** The sliders at a method's own weights. */
export function ownWeights(method: Method): Weights {
  return Object.fromEntries(method.factors.map((part) => [part.name, Math.round(part.weight * 100)]));
}

/** `momentum:30,volatility:70` over the method's own; what it does not know is dropped. */
export function readWeights(text: string | undefined, own: Weights): Weights {
  const given = new Map((text ?? '').split(',').map((pair) => pair.split(':') as [string, string | undefined]));
  const read = Object.entries(own).map(([name, value]) => {
    const size = Math.round(Number(given.get(name) ?? Number.NaN));
    return [name, size >= 0 && size <= 100 ? size : value];
  });
  const weights = Object.fromEntries(read) as Weights;
  return sum(weights) > 0 ? weights : own;
}

/** Nothing where the sliders stand at the method's own weights. */
export function writeWeights(weights: Weights, own: Weights): string | undefined {
  if (same(weights, own)) return undefined;
  return Object.entries(weights).map(([name, size]) => `${name}:${size}`).join(',');
}

export function same(one: Weights, other: Weights): boolean {
  return Object.keys(one).length === Object.keys(other).length && Object.entries(one).every(([name, size]) => other[name] === size);
}

/** Shares that add up to one; none where all sliders are at 0. */
export function shares(weights: Weights): Weights | null {
  const total = sum(weights);
  if (total <= 0) return null;
  return Object.fromEntries(Object.entries(weights).map(([name, size]) => [name, size / total]));
}

/** The shares in whole percent, which add up to 100: those with the largest remainders are rounded up. */
export function percents(weights: Weights): Weights | null {
  const share = shares(weights);
  if (!share) return null;
  const exact = Object.entries(share).map(([name, part]) => ({ name, whole: Math.floor(part * 100 + 1e-9), rest: (part * 100 + 1e-9) % 1 }));
  const missing = 100 - exact.reduce((all, { whole }) => all + whole, 0);
  const up = new Set([...exact].sort((a, b) => b.rest - a.rest).slice(0, missing).map(({ name }) => name));
  return Object.fromEntries(exact.map(({ name, whole }) => [name, whole + Number(up.has(name))]));
}

function sum(weights: Weights): number {
  return Object.values(weights).reduce((all, size) => all + size, 0);
}

/** The method with other weights and a name, as the API takes it. JSON's strings are TOML's too. */
export function methodToml(method: Method, name: string, title: string, weights: Weights): string {
  const share = shares(weights) ?? {};
  const number = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));
  const head = [
    `name = ${JSON.stringify(name)}`,
    'version = 1', // the server counts on from the newest one
    `title = ${JSON.stringify(title)}`,
    `normalise = ${JSON.stringify(method.normalise)}`,
    `score = ${JSON.stringify(method.score)}`,
    `coverage_min = ${number(method.coverage_min)}`,
    `clip = ${number(method.clip)}`,
  ];
  const parts = method.factors.flatMap((part) => [
    '',
    '[[factor]]',
    `name = ${JSON.stringify(part.name)}`,
    `uses = ${JSON.stringify(part.uses)}`,
    `weight = ${number(share[part.name] ?? 0)}`,
    ...(part.relative_to ? [`relative_to = ${JSON.stringify(part.relative_to)}`] : []),
  ]);
  return [...head, ...parts, ''].join('\n');
}
