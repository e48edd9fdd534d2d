/** A press on a row opens its symbol, as Enter on its link does. */

import type { MouseEvent, PointerEvent } from 'react';

const OWN = 'a, button, input, label, select, textarea, [role="dialog"]';
let closing = false; // the press closes figures that were open: it opens nothing

export function notePress(event: PointerEvent<HTMLElement>): void {
  closing = event.currentTarget.querySelector('[aria-expanded="true"]') !== null;
}

export function openRow({ target, currentTarget, ctrlKey, metaKey, shiftKey }: MouseEvent<HTMLElement>): void {
  const wasClosing = closing;
  closing = false;
  // Figures in a popover are outside of the table, though their clicks arrive here.
  if (wasClosing || !(target instanceof Element) || !currentTarget.contains(target) || target.closest(OWN)) return;
  if (!window.getSelection()?.isCollapsed) return; // text was marked
  const link = target.closest('tr')?.querySelector('a[data-row]');
  link?.dispatchEvent(new window.MouseEvent('click', { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey }));
}
