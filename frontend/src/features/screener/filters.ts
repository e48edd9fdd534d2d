/** The filters of the screener: as its address says them, and which rows fit. */

import type { Metrics } from '@/api/daily-metrics';
import { type Figure, FIGURES, unitOf } from './figures';
import type { Filters } from './search';

/** Bounds of a figure, both included, as they were typed; empty where there is none. */
export interface Bounds {
  figure: Figure;
  from: string;
  to: string;
}

const PART = /^(\w+):(-?\d*\.?\d*)\.\.(-?\d*\.?\d*)$/;

export function readWhere(where: string | undefined): Bounds[] {
  return (where ?? '').split(',').flatMap((part) => {
    const [, id, from = '', to = ''] = PART.exec(part) ?? [];
    const figure = FIGURES.find((one) => one.id === id);
    return figure && (isNumber(from) || isNumber(to)) ? [{ figure, from: isNumber(from) ? from : '', to: isNumber(to) ? to : '' }] : [];
  });
}

/** Nothing where no bound is a number. */
export function writeWhere(bounds: Bounds[]): string | undefined {
  const parts = bounds.filter(({ from, to }) => isNumber(from) || isNumber(to)).map(({ figure, from, to }) => `${figure.id}:${from}..${to}`);
  return parts.join(',') || undefined;
}

const isNumber = (text: string): boolean => text !== '' && Number.isFinite(Number(text));

/** The rows that fit every filter; a missing figure fits no bounds. */
export function filterRows(rows: Metrics[], { q, sector, where }: Filters): Metrics[] {
  const sought = q?.toLocaleLowerCase();
  const tests: ((row: Metrics) => boolean)[] = readWhere(where).map(({ figure, from, to }) => {
    const { times } = unitOf(figure);
    const [low, high] = [from === '' ? -Infinity : Number(from) * times, to === '' ? Infinity : Number(to) * times];
    return (row) => {
      const value = row[figure.id];
      return value != null && value >= low && value <= high;
    };
  });
  if (sought) tests.push((row) => `${row.symbol} ${row.name ?? ''}`.toLocaleLowerCase().includes(sought));
  if (sector) tests.push((row) => row.sector === sector);
  return tests.length ? rows.filter((row) => tests.every((fits) => fits(row))) : rows;
}

/** How many filters are on, apart from the text. */
export const countFilters = ({ sector, where }: Filters): number => readWhere(where).length + Number(sector !== undefined);

/** Bounds in words: `P/E up to 20`, `1 year from 10 %`. */
export function boundsInWords({ figure, from, to }: Bounds): string {
  const { said } = unitOf(figure);
  const unit = said && figure.unit !== 'score' ? ` ${said}` : '';
  if (from && to) return `${figure.label} ${from} to ${to}${unit}`;
  return from ? `${figure.label} from ${from}${unit}` : `${figure.label} up to ${to}${unit}`;
}
