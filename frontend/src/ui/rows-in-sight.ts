import { useVirtualizer } from '@tanstack/react-virtual';
import type { RefObject } from 'react';
import { useKeys } from '@/lib/keys';

const ROW_PX = 44;

export interface InSight {
  /** Places of the rows that are drawn. */
  places: number[];
  /** Pixels that the rows before and behind them take. */
  above: number;
  below: number;
}

/** Which rows of many are in sight of the box that scrolls; j and k move the focus along the link that each has as its `data-row`. */
export function useRowsInSight<Row>(box: RefObject<HTMLDivElement | null>, rows: Row[], idOf: (row: Row) => string): InSight {
  const id = (i: number): string | undefined => (rows[i] === undefined ? undefined : idOf(rows[i]));
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    overscan: 6,
    getItemKey: (i) => id(i) ?? i,
  });
  const focusRow = (i: number): void => {
    list.scrollToIndex(i);
    const find = (): HTMLElement | null => box.current?.querySelector(`a[data-row="${CSS.escape(id(i) ?? '')}"]`) ?? null;
    const link = find();
    if (link) link.focus();
    else requestAnimationFrame(() => requestAnimationFrame(() => find()?.focus())); // drawn only after the scroll
  };
  const move = (step: number): void => {
    const focused = document.activeElement?.closest('tr')?.querySelector<HTMLElement>('a[data-row]')?.dataset.row;
    const at = rows.findIndex((row) => idOf(row) === focused);
    if (rows.length) focusRow(at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1));
  };
  useKeys({ j: () => move(1), k: () => move(-1) });
  const items = list.getVirtualItems();
  return {
    places: items.map((item) => item.index),
    above: items[0]?.start ?? 0,
    below: list.getTotalSize() - (items.at(-1)?.end ?? 0),
  };
}
