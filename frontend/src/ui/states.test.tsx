import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { ApiError } from '@/api/client';
import { ErrorBox, mayPass, namedSession } from './states';

window.matchMedia = () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }) as unknown as MediaQueryList;
const refused = (mend: string, status = 422): ApiError => new ApiError({ title: '', detail: 'no', mend, status });

test('a day without a session leads to the one before, and is not asked again', async () => {
  const [day, again] = [vi.fn(), vi.fn()];
  render(<MantineProvider><ErrorBox error={refused('the session before it is 2025-07-03')} again={again} onDay={day} /></MantineProvider>);
  expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Show 3 July 2025' }));
  expect(day).toHaveBeenCalledWith('2025-07-03');
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
