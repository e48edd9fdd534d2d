/** How the leaderboard is sorted: in its address the worse end first has a minus, in its table large values first are descending. */

import { BOX_SORTS, orderOf, type SortId } from '@/lib/box-measures';
import { readSort, type Sorting, writeSort } from '@/lib/sorting';

const USUAL = 'rank';

export function readBoxSort(text: string | undefined): Sorting & { id: SortId } {
  const { id, desc: flipped } = readSort(text, [...BOX_SORTS], USUAL);
  return { id: id as SortId, desc: orderOf(id, flipped) === 'desc' };
}

/** Nothing for the usual order. */
export function writeBoxSort({ id, desc }: Sorting): string | undefined {
  return writeSort({ id, desc: desc !== (orderOf(id, false) === 'desc') }, USUAL);
}
