/**
 * How a route of the API is made: its shapes are checked, described in the OpenAPI document, and known to its handler's
 * types. A handler gives its answer back, or throws an `EstafetError`.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Static, TSchema } from 'typebox';
import { EstafetError } from '../protocol/index.ts';
import type { Edge } from './edge.ts';
import { ErrorAnswer } from './http-errors.ts';
import { tokenOf } from './http-guards.ts';
import type { Session } from './sessions.ts';

interface Shapes<P extends TSchema, Q extends TSchema, B extends TSchema, A extends TSchema> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly summary: string;
  readonly tag: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly answer: A;
  /** The status of a success; 200 when it is not named. */
  readonly status?: 200 | 201;
}

/** What a handler is given. */
export interface Call<P extends TSchema, Q extends TSchema, B extends TSchema> {
  readonly params: Static<P>;
  readonly query: Static<Q>;
  readonly body: Static<B>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

type SecurityScheme = 'session' | 'cookie' | 'machine';

const add = <P extends TSchema, Q extends TSchema, B extends TSchema, A extends TSchema>(
  app: FastifyInstance,
  shapes: Shapes<P, Q, B, A>,
  security: readonly SecurityScheme[],
  handle: (call: Call<P, Q, B>) => Promise<Static<A>> | Static<A>,
): void => {
  const { method, url, summary, tag, params, query, body, answer, status = 200 } = shapes;
  app.route({
    method,
    url,
    schema: {
      summary,
      tags: [tag],
      security: security.map((name) => ({ [name]: [] })),
      ...(params === undefined ? {} : { params }),
      ...(query === undefined ? {} : { querystring: query }),
      ...(body === undefined ? {} : { body }),
      response: { [status]: answer, default: ErrorAnswer },
    },
    handler: async (request, reply) => {
      reply.code(status).header('cache-control', 'no-store');
      const given = { params: request.params, query: request.query, body: request.body } as Call<P, Q, B>;
      return handle({ ...given, request, reply });
    },
  });
};

/** A route that anybody may use, or that looks at who asks by itself. */
export const openRoute = <P extends TSchema, Q extends TSchema, B extends TSchema, A extends TSchema>(
  app: FastifyInstance,
  shapes: Shapes<P, Q, B, A>,
  handle: (call: Call<P, Q, B>) => Promise<Static<A>> | Static<A>,
  security: readonly SecurityScheme[] = [],
): void => add(app, shapes, security, handle);

/** A route for who has a session. */
export const sessionRoute = <P extends TSchema, Q extends TSchema, B extends TSchema, A extends TSchema>(
  app: FastifyInstance,
  edge: Edge,
  shapes: Shapes<P, Q, B, A>,
  handle: (call: Call<P, Q, B>, session: Session) => Promise<Static<A>> | Static<A>,
): void =>
  add(app, shapes, ['session', 'cookie'], async (call) => {
    const token = tokenOf(call.request);
    if (token === null) throw new EstafetError('not-signed-in');
    const session = await edge.sessions.find(token);
    if (session === null) throw new EstafetError('session-ended');
    return handle(call, session);
  });
