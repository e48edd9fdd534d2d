import { render } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Gain } from './gain';

const said = (...props: Parameters<typeof Gain>): [string, string] => {
  const { container } = render(<Gain {...props[0]} />);
  return [container.textContent, container.firstElementChild?.className ?? ''];
};

test('never colour alone: a shape and a sign say the same', () => {
  expect(said({ amount: 12.5, currency: 'USD', share: 0.01 })).toEqual(['▲ +$12.50 · +1.00 %', 'change up']);
  expect(said({ share: -0.01 })).toEqual(['▼ −1.00 %', 'change down']);
  expect(said({ share: 0.000001 })).toEqual(['= 0.00 %', 'change same']);
  expect(said({ amount: null })).toEqual(['–', 'soft']);
});
