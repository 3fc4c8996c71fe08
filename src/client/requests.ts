/**
 * HTTP with failover. What may be repeated is tried on every known server, one after the other, each attempt with a
 * deadline. What may not be is sent once, to a server that has just answered something harmless.
 */
import { type ErrorCode, EstafetError, isErrorCode, limits, retryable } from '../protocol/index.ts';

export interface RequestsOptions {
  /** Addresses in the order to try them. */
  readonly addresses: () => readonly string[];
  /** The token for `Authorization`, or null for the browser's cookie. */
  readonly token: () => string | null;
}

export interface Requests {
  /** Resolves with the JSON of the answer, or null when it has none. Rejects with an `EstafetError`. */
  request(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Aborts whatever is under way; it rejects with `shutting-down`. */
  close(): void;
}

export interface Answer {
  /** The address that answered. */
  readonly url: string;
  readonly body: unknown;
}

/** What went wrong with one attempt at one server, and whether another may be asked. */
type Failure = { readonly error: EstafetError; readonly elsewhere: boolean };
type Attempt = { readonly answer: Answer } | Failure;

const bodyOf = (text: string): unknown => {
  if (text === '') return null;
  return JSON.parse(text) as unknown;
};

const errorIn = (body: unknown, status: number): EstafetError => {
  const error: unknown = typeof body === 'object' && body !== null && 'error' in body ? body.error : null;
  if (typeof error === 'object' && error !== null && 'code' in error && isErrorCode(error.code)) {
    const message = 'message' in error && typeof error.message === 'string' ? error.message : undefined;
    return new EstafetError(error.code, message);
  }
  const code: ErrorCode = status === 401 ? 'not-signed-in' : status === 404 ? 'not-found' : 'internal';
  return new EstafetError(code, `The server answered ${status} without saying why.`);
};

const closedError = (): EstafetError => new EstafetError('shutting-down', 'This client has been closed.');

/** PUT and DELETE are repeatable too (RFC 9110, section 9.2.2), but their first effect may have been seen and undone. */
const repeatable = (method: string): boolean => method === 'GET' || method === 'HEAD';

export const requests = (options: RequestsOptions): Requests => {
  const closing = new AbortController();

  const attempt = async (url: string, method: string, path: string, body: unknown): Promise<Attempt> => {
    const token = options.token();
    // A write may have to wait for a takeover.
    const deadlineMs = limits.clientRequestDeadlineMs + (repeatable(method) ? 0 : limits.appendDeadlineMs);
    try {
      const response = await fetch(`${url}${path}`, {
        method,
        credentials: 'include',
        redirect: 'error',
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(deadlineMs)]),
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (response.ok) return { answer: { url, body: bodyOf(text) } };
      let said: unknown = null;
      try {
        said = bodyOf(text);
      } catch {
        // Not JSON: a proxy's page, say. The status has to do.
      }
      const error = errorIn(said, response.status);
      return { error, elsewhere: retryable.has(error.code) || response.status >= 500 };
    } catch (cause) {
      const what = `${method} ${url}${path} got no answer that could be read.`;
      return {
        error: new EstafetError(repeatable(method) ? 'unavailable' : 'unknown', what, { cause }),
        elsewhere: true,
      };
    }
  };

  const everywhere = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    let last: EstafetError | null = null;
    for (const url of options.addresses()) {
      if (closing.signal.aborted) throw closedError();
      const result = await attempt(url, method, path, body);
      if ('answer' in result) return result.answer;
      if (!result.elsewhere) throw result.error;
      last = result.error;
    }
    if (closing.signal.aborted) throw closedError();
    throw last ?? new EstafetError('unavailable', 'No server is known.');
  };

  const once = async (method: string, path: string, body: unknown): Promise<Answer> => {
    const { url } = await everywhere('GET', '/api/v1/topology');
    const result = await attempt(url, method, path, body);
    if ('answer' in result) return result.answer;
    throw closing.signal.aborted ? closedError() : result.error;
  };

  return {
    request: (method, path, body) => (repeatable(method) ? everywhere(method, path, body) : once(method, path, body)),
    close: () => closing.abort(),
  };
};

/** The list in an answer, as such or under its name. Throws `internal` when there is none. */
export const listIn = <T>(body: unknown, name: string): readonly T[] => {
  if (Array.isArray(body)) return body as readonly T[];
  const list = typeof body === 'object' && body !== null ? (body as { readonly [key: string]: unknown })[name] : null;
  if (Array.isArray(list)) return list as readonly T[];
  throw new EstafetError('internal', `The server’s answer has no list of ${name}.`);
};

/** A query's part of an address, or nothing when nothing is asked for. */
export const queryOf = (query: object): string => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return search.size === 0 ? '' : `?${search}`;
};
