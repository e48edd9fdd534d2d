import { render, screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { ExposureBars, reach } from './exposure-bars';

const row = (factor: string, beta: number | null, se: number | null, because?: string) => ({ factor, label: factor, kind: 'ridge', beta, se, because });

test('the scale holds the farthest end of all ranges', () => {
  expect(reach([row('a', 1, 0.1), row('b', -1.2, 0.5)])).toBe(2.5); // 1.2 + 1.96 · 0.5
  expect(reach([row('a', 0.1, null)])).toBe(0.5);
  expect(reach([row('a', null, null)])).toBe(0.5);
});

test('what may be zero is said in words, and what is missing why', () => {
  render(<ExposureBars caption="Betas" rows={[row('Value', -0.36, 0.22), row('Growth', 0.67, 0.24), row('Size', null, null, 'too few sessions')]} />);
  const cell = (name: string) => within(screen.getByRole('rowheader', { name }).closest('tr') ?? document.body);
  expect(cell('Value').getByText(/not certain/)).toBeInTheDocument();
  expect(cell('Growth').queryByText(/not certain/)).toBeNull();
  expect(cell('Growth').getByText('+0.67 ± 0.24')).toBeInTheDocument();
  expect(cell('Size').getByText('too few sessions')).toBeInTheDocument();
  expect(screen.getByText(/may be no exposure at all/)).toBeInTheDocument();
});
