import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { ApiError } from '@/api/client';
import { ErrorBox, mayPass, namedSession, Remarks } from './states';

window.matchMedia = () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }) as unknown as MediaQueryList;
const refused = (mend: string, status = 422): ApiError => new ApiError({ title: '', detail: 'no', mend, status });

test('a day without a session leads to the one before, and is not asked again', async () => {
  const [day, again] = [vi.fn(), vi.fn()];
  render(<MantineProvider><ErrorBox error={refused('the session before it is 2025-07-03')} again={again} onDay={day} /></MantineProvider>);
  expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Show 3 July 2025' }));
  expect(day).toHaveBeenCalledWith('2025-07-03');
});

test('remarks are sentences with dates as all others, and no empty box', () => {
  const { container, rerender } = render(<Remarks remarks={[]}>{false}</Remarks>);
  expect(container.innerHTML).toBe('');
  rerender(<Remarks remarks={['2026-11-21 is a thin day: 3 boxes are ranked on it', 'see `pacesetter boxes --on 2026-11-20`']} />);
  expect(screen.getByRole('note').textContent).toBe('21 Nov 2026 is a thin day: 3 boxes are ranked on it.See pacesetter boxes --on 2026-11-20.');
});

test('which sessions are named', () => {
  expect(namedSession(refused('the latest session is 2026-06-30'))).toBe('2026-06-30');
  expect(namedSession(refused('`pacesetter backfill ranks --from 2026-06-30` publishes it'))).toBeUndefined();
  expect(namedSession(new Error('the latest session is 2026-06-30'))).toBeUndefined();
});

test.each([[0, true], [404, false], [409, true], [422, false], [429, true], [500, true], [503, true]])(
  'a %i may be asked again: %s',
  (status, expected) => expect(mayPass(refused('', status))).toBe(expected),
);
