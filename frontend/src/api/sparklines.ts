/** The last closes of the rows in sight, asked for a screen of rows at a time. */

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { get } from './client';

export const POINTS = 30;
const MOST = 200;
const PAUSE_MS = 90; // what is only scrolled past is not asked for

export type Closes = (number | null)[];
export type ClosesBySymbol = ReadonlyMap<string, Closes>;

const NONE: ClosesBySymbol = new Map();

/** Closes of symbols of a board, as they come. Empty ones: asked for, and there are none. */
export function useSparklines(board: string, on: string | null, symbols: string[], enabled: boolean): ClosesBySymbol {
  const client = useQueryClient();
  const { data: known } = useQuery({
    queryKey: ['sparklines', board, on],
    queryFn: () => NONE,
    initialData: NONE,
    staleTime: Infinity, // filled from here, never asked for as a whole
    structuralSharing: false,
  });
  const underway = useRef(new Set<string>());
  const wanted = enabled ? symbols.filter((symbol) => !known.has(symbol)).slice(0, MOST).join(',') : '';

  useEffect(() => {
    if (!wanted) return;
    const timer = setTimeout(() => {
      const asked = wanted.split(',').filter((symbol) => !underway.current.has(symbol));
      if (!asked.length) return;
      asked.forEach((symbol) => underway.current.add(symbol));
      void ask(board, on, asked)
        .then((found) => client.setQueryData<ClosesBySymbol>(['sparklines', board, on], (before = NONE) => new Map([...before, ...found])))
        // Small pictures beside the figures: the page is as right without them. Scrolling on asks again.
        .catch(() => undefined)
        .finally(() => asked.forEach((symbol) => underway.current.delete(symbol)));
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [wanted, board, on, client]);
  return known;
}

async function ask(board: string, on: string | null, symbols: string[]): Promise<ClosesBySymbol> {
  const query = { points: POINTS, symbols: symbols.join(','), ...(on && { on }) };
  const { rows } = await get('/api/v1/sparklines/{board}', { path: { board }, query });
  return new Map([...symbols.map((symbol): [string, Closes] => [symbol, []]), ...rows.map((row): [string, Closes] => [row.symbol, row.values])]);
}
