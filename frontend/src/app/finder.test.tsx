import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { knownSymbolsQuery } from '@/api/known-symbols';
import { portfoliosQuery } from '@/api/portfolios';
import { domainsQuery } from '@/api/queries';
import { useKeys } from '@/lib/keys';
import { Finder } from './finder';

const navigate = vi.fn();
vi.mock('@tanstack/react-router', () => ({ useNavigate: () => navigate }));
window.matchMedia = () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }) as unknown as MediaQueryList;
window.ResizeObserver = class { observe = vi.fn(); unobserve = vi.fn(); disconnect = vi.fn(); };
Element.prototype.scrollIntoView = vi.fn();

const act = vi.fn();
function Page() {
  useKeys({ a: act, p: act });
  return <Finder />;
}

test('what is typed at once after Ctrl-K goes into the field, and into nothing else', async () => {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  client.setQueryData(domainsQuery.queryKey, { domains: [] } as never);
  client.setQueryData(portfoliosQuery.queryKey, { rows: [{ id: 'p1', name: 'Long term', left_out: [] }] } as never);
  client.setQueryData(knownSymbolsQuery.queryKey, new Map([['AAPL', { name: 'Apple Inc', pricedUntil: null, active: true }]]));
  render(<MantineProvider><QueryClientProvider client={client}><Page /></QueryClientProvider></MantineProvider>);
  const user = userEvent.setup({ delay: null });
  await user.keyboard('a');
  expect(act).toHaveBeenCalledOnce();
  await user.keyboard('{Control>}k{/Control}appx{Backspace}');
  const field = await screen.findByPlaceholderText('Board or symbol');
  await waitFor(() => expect(field).toHaveFocus());
  expect(field).toHaveValue('app');
  expect(act).toHaveBeenCalledOnce();
  await user.keyboard('{Control>}k{/Control}le{Enter}'); // it is open already
  expect(field).toHaveValue('apple');
  expect(navigate).toHaveBeenCalledWith({ to: '/symbols/$ticker', params: { ticker: 'AAPL' } });
  await user.keyboard('{Control>}k{/Control}{Control>}a{/Control}long{Enter}');
  expect(navigate).toHaveBeenLastCalledWith({ to: '/portfolios/$portfolio', params: { portfolio: 'p1' } });
});
