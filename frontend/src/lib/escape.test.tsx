import { fireEvent, render, screen } from '@testing-library/react';
import { useState } from 'react';
import { expect, test } from 'vitest';
import { useEscape } from './keys';

function Opened() {
  const [open, setOpen] = useState(false);
  useEscape(open, () => setOpen(false));
  return <button type="button" aria-expanded={open} onClick={() => setOpen(true)}>why</button>;
}

test('Escape closes what is open while the focus is still on its button', () => {
  render(<Opened />);
  const button = screen.getByRole('button');
  fireEvent.click(button);
  fireEvent.keyDown(button, { key: 'j' });
  expect(button.getAttribute('aria-expanded')).toBe('true');
  fireEvent.keyDown(button, { key: 'Escape' });
  expect(button.getAttribute('aria-expanded')).toBe('false');
});
