/**
 * What every HTTP request passes before its route: a stopping server answers that it stops; pages of the cluster's own
 * addresses may read across its ports (CORS); and who uses a cookie to change something must be such a page.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { EstafetError, sessionCookie } from '../protocol/index.ts';
import type { Edge } from './edge.ts';
import { isOwnOrigin, mayUseCookie, parseHost, type RequestSource } from './origin.ts';

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** How long a browser may remember what a preflight said. */
const preflightMaxAgeS = 600;

export const sourceOf = (request: FastifyRequest): RequestSource => {
  const fetchSite = request.headers['sec-fetch-site'];
  return {
    origin: request.headers.origin,
    host: parseHost(request.headers.host),
    fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined,
  };
};

/** The secret in `Authorization: Bearer`, or null. */
export const bearerOf = (request: FastifyRequest): string | null =>
  /^Bearer ([\x21-\x7e]{1,200})$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;

/** The session's token: the bearer's, or else the cookie's. */
export const tokenOf = (request: FastifyRequest): string | null =>
  bearerOf(request) ?? request.cookies[sessionCookie] ?? null;

const allowOrigin = (reply: FastifyReply, origin: string): void => {
  reply.header('access-control-allow-origin', origin).header('access-control-allow-credentials', 'true');
};

export const installGuards = (app: FastifyInstance, edge: Edge): void => {
  app.addHook('onRequest', async (request, reply) => {
    if (edge.isClosing()) throw new EstafetError('shutting-down');
    if (edge.cluster.isBehind && showsState(request)) throw catchingUp();
    const source = sourceOf(request);
    reply.header('vary', 'Origin');
    if (source.origin !== undefined && isOwnOrigin(source.origin, source.host, edge.cluster.ports)) {
      allowOrigin(reply, source.origin);
    }
    // Signing in makes a cookie, so it is as careful as what uses one.
    const usesCookie =
      bearerOf(request) === null && (request.cookies[sessionCookie] !== undefined || isSignIn(request));
    if (!usesCookie || safeMethods.has(request.method)) return;
    if (!mayUseCookie(source, edge.cluster.ports)) throw new EstafetError('foreign-origin');
  });
  app.options('/api/v1/*', { schema: { hide: true } }, (_request, reply) => {
    if (reply.hasHeader('access-control-allow-origin')) {
      reply
        .header('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE')
        .header('access-control-allow-headers', 'authorization, content-type')
        .header('access-control-max-age', preflightMaxAgeS);
    }
    return reply.code(204).send();
  });
};

/** What a server that is far behind says instead of showing the past. */
export const catchingUp = (): EstafetError =>
  new EstafetError('unavailable', 'This server is catching up with the others; another one serves you.');

/** What the API tells of the engine, and does to it, it can at any time. */
const ofTheEngine: ReadonlySet<string> = new Set([
  '/api/v1/topology',
  '/api/v1/fingerprints/:index',
  '/api/v1/openapi.json',
  '/api/v1/cluster/faults',
  '/api/v1/cluster/step-down',
  '/api/v1/cluster/self',
]);

const showsState = ({ routeOptions: { url } }: FastifyRequest): boolean =>
  (url?.startsWith('/api/v1/') === true && !ofTheEngine.has(url)) || url?.startsWith('/files') === true;

/** What makes a cookie. */
const signsIn: ReadonlySet<string> = new Set(['/api/v1/join', '/api/v1/sign-in']);

const isSignIn = ({ routeOptions: { url = '' } }: FastifyRequest): boolean => signsIn.has(url);
