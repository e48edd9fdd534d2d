import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { renderHook, waitFor } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { useBoard } from './boards';

afterEach(() => vi.unstubAllGlobals());

const ROWS = 2300;
let asked: string[];
let published: (n: number) => string;
let release: () => void;

/** A server with a board of `ROWS` rows; `published` says when the n-th answer's board was computed. */
function serve(): void {
  asked = [];
  const released = new Promise<void>((resolve) => (release = resolve));
  vi.stubGlobal('fetch', (address: string) => {
    asked.push(address);
    const query = new URL(address, 'http://here').searchParams;
    const from = Number(query.get('cursor') ?? 0);
    const to = Math.min(from + Number(query.get('limit') ?? 100), ROWS);
    const rows = Array.from({ length: to - from }, (_, i) => ({ symbol: `S${from + i}`, rank: from + i + 1 }));
    const body = { as_of: '2025-07-24', computed_at: published(asked.length), method: 'core', origin: 'published', count: ROWS, next: to < ROWS ? String(to) : null, rows };
    const answer = new Response(JSON.stringify(body));
    return from ? released.then(() => answer) : Promise.resolve(answer);
  });
}

function open(): ReturnType<typeof renderHook<ReturnType<typeof useBoard>, unknown>> {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return renderHook(() => useBoard('everything'), {
    wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>,
  });
}

test('the first page is shown at once, then all of them, each row once', async () => {
  published = () => 'then';
  serve();
  const { result } = open();
  await waitFor(() => expect(result.current.board?.rows).toHaveLength(100));
  expect(result.current.growing).toBe(true);
  release();
  await waitFor(() => expect(result.current.growing).toBe(false));
  const rows = result.current.board?.rows ?? [];
  expect(rows).toHaveLength(ROWS);
  expect(new Set(rows.map((row) => row.symbol)).size).toBe(ROWS);
  expect(asked[0]).not.toContain('limit'); // the answer that the server keeps warm
  expect(asked.slice(1).every((one) => one.includes('limit=1000') && one.includes('on=2025-07-24'))).toBe(true);
  expect(asked).toHaveLength(4);
});

test('pages of two publications are not put together', async () => {
  published = (n) => (n < 3 ? 'before' : 'after');
  serve();
  const { result } = open();
  release();
  await waitFor(() => expect(asked.length).toBe(8));
  await waitFor(() => expect(result.current.board?.rows).toHaveLength(ROWS));
  expect(result.current.board?.computed_at).toBe('after');
});
