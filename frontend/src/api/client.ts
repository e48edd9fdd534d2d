/** The one place that fetches. Answers are typed by the API's own description; every failure is an ApiError. */

import type { paths } from './schema';

type Getter = { [P in keyof paths]: paths[P] extends { get: object } ? P : never }[keyof paths];
type Get<P extends Getter> = paths[P]['get'];
type Inputs<P extends Getter> = Get<P> extends { parameters: infer Given } ? Given : never;
type Part<P extends Getter, Name extends string> = Inputs<P> extends { [K in Name]?: infer T } ? NonNullable<T> : never;
export type Answer<P extends Getter> = Get<P> extends {
  responses: { 200: { content: { 'application/json': infer Body } } };
}
  ? Exclude<Body, { fields: string[] }> // an answer to ?fields= has only some: whoever asks knows which
  : never;

type Verb = 'post' | 'put' | 'patch' | 'delete';
type Sender<V extends Verb> = { [P in keyof paths]: paths[P] extends { [K in V]: object } ? P : never }[keyof paths];
type Sent<V extends Verb, P extends Sender<V>> = paths[P] extends { [K in V]: infer Told } ? Told : never;
type Given<V extends Verb, P extends Sender<V>> = Sent<V, P> extends { parameters: { path: infer T } } ? T : never;
type Asked<V extends Verb, P extends Sender<V>> = Sent<V, P> extends { parameters: { query?: infer T } } ? NonNullable<T> : never;
type Body<V extends Verb, P extends Sender<V>> = Sent<V, P> extends {
  requestBody: { content: { 'application/json': infer T } };
}
  ? T
  : undefined;
type Done = 200 | 201 | 202;
/** What a change answers; nothing where it says no more than that it was done. */
export type Result<V extends Verb, P extends Sender<V>> = Sent<V, P> extends { responses: infer All }
  ? { [S in keyof All & Done]: All[S] extends { content: { 'application/json': infer T } } ? T : never }[keyof All & Done]
  : never;

interface Change<V extends Verb, P extends Sender<V>> {
  path?: Given<V, P>;
  query?: Asked<V, P>;
  body?: Body<V, P>;
  /** A file in the place of a body, sent as its bytes are. */
  file?: { type: string; bytes: BodyInit };
  /** Sent again with the same key, a change is made once. */
  key?: string;
  signal?: AbortSignal;
}

interface Options<P extends Getter> {
  path?: Part<P, 'path'>;
  query?: Part<P, 'query'>;
  signal?: AbortSignal;
}

/** What went wrong, where, and what mends it (RFC 9457). `status` 0: the server was not reached at all. */
export class ApiError extends Error {
  readonly title: string;
  readonly detail: string;
  readonly where: string;
  readonly mend: string;
  readonly status: number;

  constructor(said: { title: string; detail: string; where?: string; mend?: string; status: number }) {
    super(said.detail);
    this.name = 'ApiError';
    this.title = said.title;
    this.detail = said.detail;
    this.where = said.where ?? '';
    this.mend = said.mend ?? '';
    this.status = said.status;
  }

  /** Nobody answered: the server is not running, or the way to it is cut. */
  get unreachable(): boolean {
    return this.status === 0;
  }

  /** It passes by itself: the server or its database is away for a moment. */
  get passing(): boolean {
    return [0, 502, 503, 504].includes(this.status);
  }
}

const OFFLINE = {
  title: 'The server does not answer',
  detail: 'Pacesetter could not be reached.',
  mend: 'Start it with `pacesetter up`, or check the connection to it. This page tries again by itself.',
  status: 0,
};

/** Ask the API. The browser's cache keeps answers and revalidates them by their ETag. */
export async function get<P extends Getter>(path: P, options: Options<P> = {}): Promise<Answer<P>> {
  const response = await reach(address(path, options.path, options.query), {
    headers: { Accept: 'application/json' },
    signal: options.signal ?? null,
  });
  if (!response.ok) throw await readProblem(response);
  return (await response.json()) as Answer<P>;
}

let token: string | null | undefined; // undefined: it is not known yet

/** The session's token for changes, as the server told it. */
export function keepToken(told: string | null | undefined): void {
  token = told;
}

/** A name for one change, so that asking twice does not make it twice. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Change something. A session that began in another tab has another token: it is asked for, once. */
export async function send<V extends Verb, P extends Sender<V>>(
  verb: V,
  path: P,
  options: Change<V, P> = {},
): Promise<Result<V, P>> {
  const attempt = async (): Promise<Response> => {
    token ??= await askToken();
    const json = options.body !== undefined;
    const type = options.file?.type ?? (json ? 'application/json' : undefined);
    return reach(address(path, options.path as object | undefined, options.query), {
      method: verb.toUpperCase(),
      headers: {
        Accept: 'application/json',
        ...(type && { 'Content-Type': type }),
        ...(token && { 'X-CSRF-Token': token }),
        ...(options.key && { 'Idempotency-Key': options.key }),
      },
      body: options.file?.bytes ?? (json ? JSON.stringify(options.body) : null),
      signal: options.signal ?? null,
    });
  };
  let response = await attempt();
  let problem = response.ok ? null : await readProblem(response);
  if (problem?.status === 403 && problem.detail.includes('X-CSRF-Token')) {
    token = undefined;
    response = await attempt();
    problem = response.ok ? null : await readProblem(response);
  }
  if (problem) throw problem;
  return (response.status === 204 ? undefined : await response.json()) as Result<V, P>;
}

async function askToken(): Promise<string | null> {
  const said = await get('/api/v1/session').catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 401) return null; // nobody yet: logging in needs none
    throw error;
  });
  return said?.csrf_token ?? null;
}

async function reach(to: string, request: RequestInit): Promise<Response> {
  return fetch(to, { credentials: 'same-origin', ...request }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(OFFLINE);
  });
}

/** `/history/{ticker}` and its values as an address; a slash inside a value stays one. */
export function address(path: string, values: object = {}, query: object = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String((values as Record<string, unknown>)[name])).replaceAll('%2F', '/'),
  );
  const given = Object.entries(query).filter(([, value]) => value != null && value !== '');
  const asked = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return asked ? `${filled}?${asked}` : filled;
}

async function readProblem(response: Response): Promise<ApiError> {
  const said = (await response.json().catch(() => ({}))) as Partial<Record<string, unknown>>;
  const text = (name: string): string => (typeof said[name] === 'string' ? said[name] : '');
  return new ApiError({
    title: text('title') || response.statusText || 'The server refused',
    detail: text('detail') || `The server answered ${response.status} without saying why.`,
    where: text('where'),
    mend: text('mend'),
    status: response.status,
  });
}
