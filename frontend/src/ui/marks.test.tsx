import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { contributionsInWords } from './contribution-bars';
import { RankChange } from './rank-change';
import { RankRange } from './rank-range';
import { TrendArrow } from './trend-arrow';

const text = (node: React.ReactElement): string => render(node).container.textContent.replaceAll(/\s+/g, ' ').trim();

test.each([
  [{ rank: 2, change: 3, since: '2026-06-29' }, '▲ +3 up'],
  [{ rank: 2, change: -1, since: '2026-06-29' }, '▼ −1 down'],
  [{ rank: 2, change: 0, since: '2026-06-29' }, '= unchanged'],
  [{ rank: 2, change: null, since: '2026-06-29' }, '● new'],
  [{ rank: 2, change: null, since: null }, '– no session before'],
  [{ rank: null, change: null, since: '2026-06-29' }, '– unranked'],
])('a change %o is a shape, a sign and words', (props, said) => {
  expect(text(<RankChange {...props} />)).toBe(said);
});

const interval = { low: 2, high: 4, n_ranked: 200, n_draws: 200, flip_share: 0.4, tied_with_next: true };

test('an interval covers its places and says when it ties', () => {
  const { container } = render(<RankRange rank={3} interval={interval} ranked={5} />);
  const bar = container.querySelector('.fill');
  expect([bar?.getAttribute('x'), bar?.getAttribute('width')]).toEqual(['20', '60']);
  expect(container.textContent).toContain('2–4');
  expect(screen.getByText(/statistically tied/)).toBeInTheDocument();
});

test('what is not measured says so', () => {
  expect(text(<RankRange rank={3} interval={null} ranked={5} />)).toContain('not measured');
  expect(text(<TrendArrow trend={null} />)).toContain('fewer than seven');
});

test('contributions in words name what is missing', () => {
  const factor = { raw: 1, normalized: 1, weight: 0.3, contribution: 0.3, missing_reason: null };
  const missing = { ...factor, contribution: null, missing_reason: 'not_known', missing_because: 'not known on this date' };
  expect(contributionsInWords({ momentum: factor, financial_ratio: missing })).toBe(
    'momentum +0.30, financial ratio not known on this date',
  );
});
