/**
 * Asks another process of this machine over HTTP, as a server: with the machine's key; another server at the port that
 * the log's topology names. Not over the log's own links, because those may be cut on purpose. It asks once, waits a
 * bounded time for a bounded answer, and never tries again: whoever asks knows whether that is harmless.
 */
import { type IncomingMessage, request } from 'node:http';
import { EstafetError, isErrorCode } from '../../protocol/index.ts';
import type { Edge } from '../edge.ts';

export interface Question {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** From the root: `/api/v1/…`. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** `limits.siblingDeadlineMs` unless said otherwise. */
  readonly deadlineMs?: number;
  /** `limits.siblingAnswerMaxBytes` unless said otherwise. */
  readonly maxBytes?: number;
}

export type Asking = Pick<Edge, 'log' | 'machineKey' | 'defaultHostname' | 'limits'>;

/** Who is asked: what it is called, and where it listens. */
export interface Asked {
  readonly name: string;
  readonly hostname: string;
  readonly port: number;
}

/** Where a server listens on this machine. Throws `no-such-server` for a name that nobody has, `unavailable` for one never heard of. */
const portOf = ({ log }: Asking, server: string): number => {
  const replica = log.topology().replicas.find(({ name }) => name === server);
  if (replica === undefined) throw new EstafetError('no-such-server', `There is no server ${server}.`);
  if (replica.facts.port === 0) throw new EstafetError('unavailable', `${server} has not said where it listens.`);
  return replica.facts.port;
};

const readJson = async (answer: IncomingMessage, maxBytes: number): Promise<unknown> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Error(`the answer has more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString());
};

/** What the asked server refuses with, or null when what it says is no refusal of this protocol. */
const refusalIn = (value: unknown): EstafetError | null => {
  const { code, message } = Object(Object(value).error) as { readonly code?: unknown; readonly message?: unknown };
  return isErrorCode(code) ? new EstafetError(code, typeof message === 'string' ? message : undefined) : null;
};

/**
 * What a process of this machine answers: JSON whose shape is the caller's to know, as the two are of one program.
 * Rejects with the refusal that it answers with, and with `unavailable` when it gives no whole answer in time.
 */
export const askAt = async <T>(
  { machineKey, limits }: Pick<Asking, 'machineKey' | 'limits'>,
  { name, hostname, port }: Asked,
  question: Question,
): Promise<T> => {
  const { siblingDeadlineMs, siblingAnswerMaxBytes } = limits;
  const { method, path, body, deadlineMs = siblingDeadlineMs, maxBytes = siblingAnswerMaxBytes } = question;
  const text = body === undefined ? undefined : JSON.stringify(body);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  // A connection of its own: one kept from before may be that of a process which is no more.
  const asked = request(`http://${hostname}:${port}${path}`, {
    method,
    agent: false,
    signal: AbortSignal.timeout(deadlineMs),
    headers: {
      authorization: `Bearer ${machineKey}`,
      ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    },
  });
  asked.once('response', resolve).on('error', reject).end(text);
  try {
    const answer = await promise;
    const value = await readJson(answer, maxBytes);
    const { statusCode = 0 } = answer;
    if (statusCode >= 200 && statusCode < 300) return value as T;
    throw refusalIn(value) ?? new Error(`status ${statusCode}`);
  } catch (error) {
    asked.destroy();
    if (error instanceof EstafetError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new EstafetError('unavailable', `${name} does not answer: ${reason}.`, { cause: error });
  }
};

/** What the server of that name answers: see `askAt`. Rejects with `no-such-server` too. */
export const askServer = async <T>(edge: Asking, server: string, question: Question): Promise<T> =>
  askAt(edge, { name: server, hostname: edge.defaultHostname, port: portOf(edge, server) }, question);

/** Whether a question went unanswered because nobody listens there: nothing was done. */
export const wasNotHeard = (error: unknown): boolean =>
  error instanceof EstafetError && Object(error.cause).code === 'ECONNREFUSED';

/**
 * Has a server do something: see `askServer`. Rejects with `not-possible` when it does not run, and with `action-failed`
 * when it gives no answer and may have done it.
 */
export const tellServer = async <T>(edge: Asking, server: string, question: Question): Promise<T> => {
  try {
    return await askServer<T>(edge, server, question);
  } catch (error) {
    if (!(error instanceof EstafetError) || error.code !== 'unavailable') throw error;
    if (wasNotHeard(error)) {
      throw new EstafetError('not-possible', `${server} does not run at the moment.`, { cause: error });
    }
    throw new EstafetError('action-failed', `${error.message} It may have been done: look.`, { cause: error });
  }
};
