/** One request to one server's HTTP API, over connections that are kept, without the SDK's retries. */
import { Agent, request } from 'node:http';
import { chaosLimits } from './options.ts';

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface Question {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly token?: string;
  readonly body?: unknown;
  readonly maxMs?: number;
}

/** Asks `base + path` and parses the answer's JSON. Rejects when no whole answer comes within the bound. */
export const ask = (base: string, path: string, question: Question = {}): Promise<Answer> => {
  const { method = 'GET', token, body, maxMs = chaosLimits.requestMaxMs } = question;
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const sent = request(`${base}/api/v1${path}`, {
    agent,
    method,
    signal: AbortSignal.timeout(maxMs),
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(payload === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
    },
  });
  sent.once('error', reject);
  sent.once('response', (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.once('error', reject);
    response.once('end', () => {
      try {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, body: text === '' ? null : JSON.parse(text) });
      } catch (error) {
        reject(error);
      }
    });
    response.once('close', () => {
      if (!response.complete) reject(new Error('the connection broke in the middle of an answer'));
    });
  });
  sent.end(payload);
  return promise;
};

/** Asks, and gives the body of an answer that says yes. Throws for any other. */
export const askFor = async <Body>(base: string, path: string, question: Question = {}): Promise<Body> => {
  const { status, body } = await ask(base, path, question);
  if (status >= 300)
    throw new Error(`${question.method ?? 'GET'} ${path} at ${base}: ${status} ${JSON.stringify(body)}`);
  return body as Body;
};

/** The stable code in an error's body, or an empty string. */
export const codeOf = (body: unknown): string => {
  const { error } = (body ?? {}) as { readonly error?: { readonly code?: unknown } };
  return typeof error?.code === 'string' ? error.code : '';
};

/** Closes the connections that are kept. */
export const closeConnections = (): void => agent.destroy();
