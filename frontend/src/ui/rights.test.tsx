import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { type Session, sessionQuery } from '@/api/session';
import { RightButton, RightNote } from './rights';

window.matchMedia = () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }) as unknown as MediaQueryList;

function show(session: Partial<Session>, node: React.ReactElement): void {
  const client = new QueryClient();
  client.setQueryData(sessionQuery.queryKey, { name: '', role: null, via: 'open', permissions: ['read'], csrf_token: null, expires_at: null, ...session });
  render(<MantineProvider><QueryClientProvider client={client}>{node}</QueryClientProvider></MantineProvider>);
}

test('a button for those who may does what it says', async () => {
  const act = vi.fn();
  show({ via: 'session', permissions: ['read', 'write'] }, <RightButton right="write" onClick={act}>Do it</RightButton>);
  await userEvent.click(screen.getByRole('button', { name: 'Do it' }));
  expect(act).toHaveBeenCalledOnce();
});

test('for others it is there, can be reached, does nothing and sends no form', async () => {
  const [act, submit] = [vi.fn(), vi.fn()];
  show({}, <form onSubmit={submit}><RightButton right="write" type="submit" onClick={act}>Do it</RightButton></form>);
  const button = screen.getByRole('button', { name: 'Do it' });
  expect(button).toHaveAttribute('aria-disabled', 'true');
  await userEvent.click(button);
  await userEvent.tab();
  expect(act).not.toHaveBeenCalled();
  expect(submit).not.toHaveBeenCalled();
});

test('the note says what and why, and is nothing for those who may', () => {
  show({}, <RightNote right="write" what="Saving is not for you." />);
  expect(screen.getByText(/You are not logged in/)).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'How to log in' })).toBeInTheDocument();
});
