import { render } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Sparkline } from './sparkline';

const text = (values: (number | null)[] | undefined): string =>
  render(<Sparkline values={values} points={30} />).container.textContent.replaceAll(/\s+/g, ' ').trim();

test('the change over the closes is said, missing ones are passed over', () => {
  expect(text([null, 100, null, 110])).toBe('+10.0 % over 30 sessions');
  expect(text([10, 9.99])).toBe('−0.1 % over 30 sessions');
  expect(text([5, null])).toBe('– no prices');
  expect(text([])).toBe('– no prices');
  expect(text(undefined)).toBe(''); // not here yet
});

test('equal closes are a flat line, and inside of the picture', () => {
  const { container } = render(<Sparkline values={[7, 7, 7]} points={3} />);
  expect(container.querySelector('.line')?.getAttribute('d')).toBe('M0.0 22.0L36.0 22.0L72.0 22.0');
});
