/**
 * How a route of the API is made: its shapes are checked, described in the OpenAPI document, and known to its handler's
 * types. A handler gives its answer back, or throws an `EstafetError`.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchemaCompiler } from 'fastify';
import type { Static, TSchema } from 'typebox';
import { EstafetError } from '../protocol/index.ts';
import { checkOf, type LengthCodes } from './checks.ts';
import type { Edge } from './edge.ts';
import { ErrorAnswer } from './http-errors.ts';
import { bearerOf, tokenOf } from './http-guards.ts';
import { type Session, sameSecret } from './sessions.ts';

interface Shapes<P extends TSchema, Q extends TSchema, B extends TSchema, A extends TSchema> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  /** What the operation is called in the OpenAPI document, and by what is generated from it. */
  readonly operationId: string;
  readonly summary: string;
  readonly tag: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly answer: A;
  /** The status of a success; 200 when it is not named. */
  readonly status?: 200 | 201;
  /** What it is called when a field is too long; `bad-request` otherwise. */
  readonly codes?: LengthCodes;
}

/** How fastify checks what comes in. What has no body has an empty one, so that what is missing is told by its name. */
export const validatorWith =
  (codes: LengthCodes): FastifySchemaCompiler<unknown> =>
  ({ schema, httpPart }) => {
    const isBody = httpPart === 'body';
    const check = checkOf(schema as TSchema, { convert: !isBody, codes });
    return (given) => {
      try {
        return { value: check(isBody ? (given ?? {}) : given) };
      } catch (error) {
        return { error: error instanceof Error ? error : new EstafetError('bad-request') };
      }
    };
  };

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
  onRequest: (request: FastifyRequest) => Promise<void> = async () => {},
): void => {
  const { method, url, operationId, summary, tag, params, query, body, answer, status = 200, codes } = shapes;
  app.route({
    method,
    url,
    onRequest,
    ...(codes === undefined ? {} : { validatorCompiler: validatorWith(codes) }),
    schema: {
      operationId,
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

/** A route for who has the machine's key: the servers themselves, and whoever runs them. */
export const machineRoute = <P extends TSchema, Q extends TSchema, B extends TSchema, A extends TSchema>(
  app: FastifyInstance,
  edge: Edge,
  shapes: Shapes<P, Q, B, A>,
  handle: (call: Call<P, Q, B>) => Promise<Static<A>> | Static<A>,
): void =>
  add(app, shapes, ['machine'], handle, async (request) => {
    const key = bearerOf(request);
    if (key === null) throw new EstafetError('not-signed-in', 'The machine’s key is needed as a bearer.');
    if (!sameSecret(key, edge.machineKey)) throw new EstafetError('not-allowed', 'This is not the machine’s key.');
  });

/** The session of who asks. Rejects with `not-signed-in` or `session-ended` when there is none. */
export const sessionOf = async (edge: Edge, request: FastifyRequest): Promise<Session> => {
  const token = tokenOf(request);
  if (token === null) throw new EstafetError('not-signed-in');
  const session = await edge.sessions.find(token);
  if (session === null) throw new EstafetError('session-ended');
  return session;
};

/**
 * A route for who has a session. That is looked at first: who has none learns nothing else, and is not even listened to.
 * One that reads shows every write that was acknowledged before it was asked, wherever that was (`Sessions.whenShown`).
 */
export const sessionRoute = <P extends TSchema, Q extends TSchema, B extends TSchema, A extends TSchema>(
  app: FastifyInstance,
  edge: Edge,
  shapes: Shapes<P, Q, B, A>,
  handle: (call: Call<P, Q, B>, session: Session) => Promise<Static<A>> | Static<A>,
): void => {
  const sessions = new WeakMap<FastifyRequest, Session>();
  add(
    app,
    shapes,
    ['session', 'cookie'],
    (call) => {
      const session = sessions.get(call.request);
      if (session === undefined) throw new EstafetError('not-signed-in');
      return handle(call, session);
    },
    async (request) => {
      const token = tokenOf(request);
      if (token === null) throw new EstafetError('not-signed-in');
      const session = await edge.sessions.find(token);
      if (session === null) throw new EstafetError('session-ended');
      if (shapes.method === 'GET') await edge.sessions.whenShown();
      sessions.set(request, session);
    },
  );
};
