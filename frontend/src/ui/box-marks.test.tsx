import { fireEvent, render } from '@testing-library/react';
import { expect, test } from 'vitest';
import { BoxPicture, shortCode } from './box-picture';
import { DayLine } from './day-line';
import { Missing } from './missing';
import { Moved } from './moved';

const text = (node: React.ReactElement): string => render(node).container.textContent.replaceAll(/\s+/g, ' ').trim();

test('a picture tells nobody who looks, keeps its place, and gives it to the set when it fails', () => {
  const { container } = render(<BoxPicture url="https://pictures.example/a.png" code="TD01" size={36} />);
  const img = container.querySelector('img');
  expect(img?.getAttribute('referrerpolicy')).toBe('no-referrer');
  expect([img?.getAttribute('width'), img?.getAttribute('height'), img?.getAttribute('loading')]).toEqual(['36', '36', 'lazy']);
  if (img) fireEvent.error(img);
  expect(container.querySelector('img')).toBeNull();
  expect(container.textContent).toBe('TD01');
});

test('without a set the symbol stands for it', () => {
  expect(shortCode({ set_code: null, symbol: 'BOX-860FFE3F' })).toBe('860F');
  expect(shortCode({ set_code: 'TD-01', symbol: 'BOX-TD01' })).toBe('TD01');
});

test.each([
  [12.74, '▲ +12.7 % since 26 Jan 2026'],
  [-0.51, '▼ −0.5 % since 26 Jan 2026'],
  [0.01, '= 0.0 % since 26 Jan 2026'],
])('a change of %d is a shape, a sign and a date', (percent, said) => {
  expect(text(<Moved percent={percent} since="2026-01-26" />)).toBe(said);
});

test('what is missing says why', () => {
  const { container } = render(<Missing why="no floor price" />);
  expect(container.textContent).toBe('– no floor price');
  expect(container.querySelector('[title="no floor price"]')).not.toBeNull();
});

test('a small line breaks at a gap, and says what it shows', () => {
  const points = ['2026-01-01', '2026-01-02', '2026-01-20', '2026-01-21'].map((date, i) => ({ date, value: 100 + i }));
  const { container } = render(<DayLine points={points} what="floor price" />);
  expect(container.querySelector('path')?.getAttribute('d')?.match(/M/g)).toHaveLength(2);
  expect(container.textContent).toBe('floor price +3.0 % from 1 Jan 2026 to 21 Jan 2026');
  expect(text(<DayLine points={points.slice(0, 1)} what="floor price" />)).toContain('fewer than two');
});
