import { afterEach, expect, test, vi } from 'vitest';
import { address, ApiError, get } from './client';

afterEach(() => vi.unstubAllGlobals());

function answer(make: () => Promise<Response>): void {
  vi.stubGlobal('fetch', make);
}

async function failure(): Promise<ApiError> {
  const error: unknown = await get('/api/v1/domains').catch((thrown: unknown) => thrown);
  if (!(error instanceof ApiError)) throw new Error('not an ApiError');
  return error;
}

test('a problem says what, where and how to mend it', async () => {
  const problem = { title: 'Not Found', detail: "unknown board 'x'", where: 'board', mend: 'known: EV', status: 404 };
  answer(() => Promise.resolve(new Response(JSON.stringify(problem), { status: 404 })));
  expect(await failure()).toMatchObject({ ...problem, passing: false, unreachable: false });
});

test('a server that is not there is told from one that refuses', async () => {
  answer(() => Promise.reject(new TypeError('Failed to fetch')));
  expect(await failure()).toMatchObject({ status: 0, unreachable: true, passing: true });
});

test('a 503 without a body passes by itself', async () => {
  answer(() => Promise.resolve(new Response('', { status: 503, statusText: 'Service Unavailable' })));
  expect(await failure()).toMatchObject({ status: 503, passing: true, unreachable: false });
});

test('a request that was given up is no error of the server', async () => {
  answer(() => Promise.reject(new DOMException('gone', 'AbortError')));
  await expect(get('/api/v1/domains')).rejects.toThrow(DOMException);
});

test('addresses', () => {
  expect(address('/a/{ticker}', { ticker: 'BRK B/X?' }, { on: undefined, top: 3 })).toBe('/a/BRK%20B/X%3F?top=3');
});
