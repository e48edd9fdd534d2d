import { fireEvent, render, screen } from '@testing-library/react';
import { createPortal } from 'react-dom';
import { expect, test, vi } from 'vitest';
import { notePress, openRow } from './row-press';

function show(open = false) {
  const opened = vi.fn();
  render(
    <table>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events */}
      <tbody onPointerDown={notePress} onClick={openRow}>
        <tr>
          <td>score</td>
          <td><a href="#AAA" data-row="AAA" onClick={opened}>AAA</a></td>
          <td><button type="button" aria-expanded={open}>why</button><input type="checkbox" />{createPortal(<p>figures</p>, document.body)}</td>
        </tr>
      </tbody>
    </table>,
  );
  return opened;
}

function press(element: HTMLElement, keys = {}): void {
  fireEvent.pointerDown(element);
  fireEvent.click(element, keys);
}

test('a press on a row is one on its link, with the keys held', () => {
  const opened = show();
  press(screen.getByText('score'), { ctrlKey: true });
  expect(opened).toHaveBeenCalledOnce();
  expect(opened.mock.calls[0]?.[0]).toMatchObject({ ctrlKey: true });
});

test('what is in the row keeps its own press, and figures outside of it too', () => {
  const opened = show();
  for (const element of [screen.getByRole('button'), screen.getByRole('checkbox'), screen.getByText('figures')]) press(element);
  expect(opened).not.toHaveBeenCalled();
  press(screen.getByText('AAA'));
  expect(opened).toHaveBeenCalledOnce();
});

test('the press that closes figures opens nothing', () => {
  const opened = show(true);
  press(screen.getByText('score'));
  expect(opened).not.toHaveBeenCalled();
});
