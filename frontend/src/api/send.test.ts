import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiError, keepToken, newKey, send } from './client';

interface Call {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: unknown;
}

let calls: Call[] = [];

beforeEach(() => {
  calls = [];
  keepToken(undefined);
});
afterEach(() => vi.unstubAllGlobals());

/** Answers in turn; what was asked is noted. */
function answers(...made: Response[]): void {
  vi.stubGlobal('fetch', (url: string, request: RequestInit = {}) => {
    calls.push({
      url,
      method: request.method ?? 'GET',
      headers: (request.headers ?? {}) as Record<string, string>,
      body: request.body ?? null,
    });
    const next = made.shift();
    return next ? Promise.resolve(next) : Promise.reject(new TypeError('cut'));
  });
}

const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status });
const session = (token: string): Response => json({ csrf_token: token });

test('a change carries the token of the session, its body and its key', async () => {
  answers(session('abc'), json({ board: 'X' }, 201));
  await send('post', '/api/v1/domains', { body: { name: 'X', symbols: ['A'], asset_type: 'equity', method: 'core' }, key: 'k1' });
  expect(calls.map((call) => [call.method, call.url])).toEqual([['GET', '/api/v1/session'], ['POST', '/api/v1/domains']]);
  expect(calls[1]?.headers).toMatchObject({ 'X-CSRF-Token': 'abc', 'Idempotency-Key': 'k1', 'Content-Type': 'application/json' });
  expect(JSON.parse(calls[1]?.body as string)).toMatchObject({ name: 'X', symbols: ['A'] });
});

test('a token that another tab has replaced is asked for anew, once', async () => {
  keepToken('old');
  const refused = (): Response => json({ detail: 'the header X-CSRF-Token does not belong to this session' }, 403);
  answers(refused(), session('new'), json({}));
  await send('delete', '/api/v1/domains/{board}', { path: { board: 'x' } });
  expect(calls.map((call) => call.headers['X-CSRF-Token'])).toEqual(['old', undefined, 'new']);

  keepToken('old');
  answers(refused(), session('new'), refused());
  await expect(send('delete', '/api/v1/domains/{board}', { path: { board: 'x' } })).rejects.toMatchObject({ status: 403 });
});

test('another refusal is not tried again', async () => {
  keepToken('t');
  answers(json({ detail: 'viewer may not do that', mend: 'ask an owner' }, 403), json({}));
  await expect(send('delete', '/api/v1/keys/{which}', { path: { which: 'a' } })).rejects.toMatchObject({ mend: 'ask an owner' });
  expect(calls).toHaveLength(1);
});

test('somebody without a session can log in: no token is needed', async () => {
  answers(json({ detail: 'log in' }, 401), json({ csrf_token: 'fresh' }));
  await send('post', '/api/v1/session', { body: { name: 'a', password: 'b' } });
  expect(calls[1]?.headers).not.toHaveProperty('X-CSRF-Token');
});

test('nothing answered is nothing, and a cut connection is said to be one', async () => {
  keepToken('t');
  answers(new Response(null, { status: 204 }));
  expect(await send('delete', '/api/v1/session')).toBeUndefined();
  answers();
  const error: unknown = await send('delete', '/api/v1/session').catch((thrown: unknown) => thrown);
  expect(error instanceof ApiError && error.unreachable).toBe(true);
});

test('keys differ', () => {
  expect(newKey()).toMatch(/^[0-9a-f]{32}$/);
  expect(newKey()).not.toBe(newKey());
});

test('a file goes as its bytes are, with what is asked of it in the address', async () => {
  const bytes = new Uint8Array([0xff, 0x00, 0x41]).buffer;
  answers(session('abc'), json({ accepted: true }));
  await send('post', '/api/v1/portfolios/{portfolio_id}/imports', {
    path: { portfolio_id: 'p1' },
    query: { dry_run: true, file_name: 'a b.csv', map: undefined },
    file: { type: 'text/csv', bytes },
  });
  expect(calls[1]).toMatchObject({ url: '/api/v1/portfolios/p1/imports?dry_run=true&file_name=a+b.csv', body: bytes });
  expect(calls[1]?.headers).toMatchObject({ 'Content-Type': 'text/csv', 'X-CSRF-Token': 'abc' });
});
