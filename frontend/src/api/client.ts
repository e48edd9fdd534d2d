/** The one place that fetches. Answers are typed by the API's own description; every failure is an ApiError. */

import type { paths } from './schema';

type Getter = { [P in keyof paths]: paths[P] extends { get: object } ? P : never }[keyof paths];
type Get<P extends Getter> = paths[P]['get'];
type Inputs<P extends Getter> = Get<P> extends { parameters: infer Given } ? Given : never;
type Part<P extends Getter, Name extends string> = Inputs<P> extends { [K in Name]?: infer T } ? NonNullable<T> : never;
export type Answer<P extends Getter> = Get<P> extends {
  responses: { 200: { content: { 'application/json': infer Body } } };
}
  ? Body
  : never;

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
  const response = await fetch(address(path, options.path, options.query), {
    headers: { Accept: 'application/json' },
    credentials: 'same-origin',
    signal: options.signal ?? null,
  }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(OFFLINE);
  });
  if (!response.ok) throw await readProblem(response);
  return (await response.json()) as Answer<P>;
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
