import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import '@mantine/core/styles.css';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from '@/api/client';
import { sessionQuery } from '@/api/session';
import { askLogin, wantLogin } from '@/lib/wish';
import '@/styles/tokens.css';
import '@/styles/page.css';
import '@/styles/figures.css';
import '@/styles/table.css';
import '@/styles/work.css';
import { makeRouter } from './router';
import { theme } from './theme';

// The server's policy allows exactly the styles that carry this answer's nonce.
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
setNonce(nonce);

const refused = (error: Error): boolean => error instanceof ApiError && error.status === 401;

const client = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      if (!refused(error)) return;
      wantLogin();
      void client.invalidateQueries(sessionQuery);
    },
  }),
  mutationCache: new MutationCache({
    onError: async (error) => {
      if (!refused(error)) return; // a wrong password is refused as well: then there is a session still
      const session = await client.query({ ...sessionQuery, staleTime: 0 });
      if (session.via === 'open' || session.via === 'nobody') askLogin();
    },
  }),
  defaultOptions: {
    queries: {
      networkMode: 'always', // the server is often this machine: no way to the internet is no reason to wait
      staleTime: 30_000,
      gcTime: 30 * 60_000,
      retry: (count, error) => error instanceof ApiError && error.passing && count < 2,
      refetchInterval: (query) => (query.state.error instanceof ApiError && query.state.error.passing ? 5_000 : false),
    },
  },
});
const scheme = localStorageColorSchemeManager({ key: 'pacesetter-scheme' });
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} colorSchemeManager={scheme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <QueryClientProvider client={client}>
        <RouterProvider router={makeRouter()} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
