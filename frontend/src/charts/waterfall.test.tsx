import { render } from '@testing-library/react';
import { expect, test } from 'vitest';
import { hang, Waterfall } from './waterfall';

const steps = [
  { label: 'volatility', share: -59, said: '−59.00' },
  { label: 'volume', share: 20, said: '+20.00' },
];

test('each step starts where the one before ended, and the last ends at the change', () => {
  expect(hang(steps).map(({ start, end }) => [start, end])).toEqual([[0, -59], [-59, -39]]);
  expect(hang([])).toEqual([]);
});

test('it reads as a table', () => {
  const { container } = render(<Waterfall from={{ label: 'before', said: '#212' }} to={{ label: 'after', said: '#251' }} steps={steps} unit="Places" caption="Why" />);
  const rows = [...container.querySelectorAll('tbody tr')].map((row) => row.textContent);
  expect(rows).toEqual(['before#212', 'volatility−59.00', 'volume+20.00', 'after#251']);
});
