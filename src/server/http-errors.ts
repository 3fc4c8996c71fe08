/** Every failure of an HTTP request as one of the protocol's codes, and the answer that says so. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { isBroken } from '../chat/index.ts';
import { type ErrorCode, EstafetError, limits } from '../protocol/index.ts';
import { TooManyAttempts } from './attempts.ts';
import type { Logger } from './options.ts';

/** The body of every answer that is not a success. */
export const ErrorAnswer = Type.Object(
  {
    error: Type.Object({
      code: Type.String({ description: 'A stable code; see docs/protocol.md.' }),
      message: Type.String({ description: 'A sentence for people who write programs.' }),
    }),
  },
  { description: 'What went wrong.' },
);

/** Fastify's own complaints, in the protocol's codes, and in words where its own do not say what to do. */
const complaints: Readonly<Record<string, { readonly code: ErrorCode; readonly message?: string }>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: 'too-large',
    message: `The body must not have more than ${limits.httpBodyMaxBytes} bytes.`,
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'bad-json',
    message: 'The body must be JSON and say so, with the header "content-type: application/json".',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: { code: 'bad-json' },
  FST_ERR_CTP_INVALID_JSON_BODY: { code: 'bad-json' },
};

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const asEstafetError = (error: unknown): EstafetError => {
  if (error instanceof EstafetError) return error;
  // The chat database is not to be relied on any more: this server says so and ends, and another one serves.
  if (isBroken(error)) return new EstafetError('unavailable', undefined, { cause: error });
  const { code, statusCode } = Object(error) as { readonly code?: unknown; readonly statusCode?: unknown };
  const known = typeof code === 'string' ? complaints[code] : undefined;
  if (known !== undefined) return new EstafetError(known.code, known.message ?? textOf(error), { cause: error });
  if (typeof statusCode === 'number' && statusCode === 404) return new EstafetError('not-found');
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return new EstafetError('bad-request', textOf(error), { cause: error });
  }
  return new EstafetError('internal', undefined, { cause: error });
};

/** Answers a request with an error. What is the server's own fault goes to its log too. */
export const answerError = (reply: FastifyReply, error: unknown, logger: Logger): FastifyReply => {
  const known = asEstafetError(error);
  if (known.code === 'internal') logger.error({ err: error, url: reply.request.url }, 'a request failed');
  if (known instanceof TooManyAttempts) reply.header('retry-after', known.retryAfterS);
  return reply.code(known.status).header('cache-control', 'no-store').send({ error: known.toBody() });
};

/** `page` gives the web app's page, for people who mistyped an address. */
export const installErrors = (app: FastifyInstance, logger: Logger, page: () => Promise<string | null>): void => {
  app.setErrorHandler((error, _request, reply) => answerError(reply, error, logger));
  app.setNotFoundHandler(async (request, reply) => {
    const isVisit = request.method === 'GET' && request.headers['sec-fetch-dest'] === 'document';
    const html = isVisit && !request.url.startsWith('/api/') ? await page() : null;
    if (html !== null) return reply.code(404).type('text/html; charset=utf-8').send(html);
    return answerError(reply, new EstafetError('not-found'), logger);
  });
};
