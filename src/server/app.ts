/**
 * The HTTP side of a server: fastify with its plugins, the API under `/api/v1`, health, and the web app. It listens
 * nowhere by itself: `handler` is given to whoever does, once for each port.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { fastifyCookie } from '@fastify/cookie';
import { fastifyHelmet } from '@fastify/helmet';
import { fastifySwagger } from '@fastify/swagger';
import { type FastifyInstance, fastify } from 'fastify';
import { EstafetError } from '../protocol/index.ts';
import { addressPartMaxChars } from './command-route.ts';
import { helmetOptions } from './content-policy.ts';
import type { Edge } from './edge.ts';
import { tusRoutes } from './files/tus-routes.ts';
import { answerError, installErrors } from './http-errors.ts';
import { installGuards } from './http-guards.ts';
import { openApiOptions } from './openapi.ts';
import { validatorWith } from './route.ts';
import { clusterRoutes, healthRoutes } from './routes/cluster.ts';
import { clusterActionRoutes } from './routes/cluster-actions.ts';
import { clusterRequestRoutes } from './routes/cluster-requests.ts';
import { clusterServerRoutes } from './routes/cluster-servers.ts';
import { exportRoutes } from './routes/export.ts';
import { fileRoutes } from './routes/files.ts';
import { labRoutes } from './routes/lab.ts';
import { markRoutes } from './routes/marks.ts';
import { memberRoutes } from './routes/members.ts';
import { messageRoutes } from './routes/messages.ts';
import { passwordRoutes } from './routes/password.ts';
import { peopleRoutes } from './routes/people.ts';
import { roomRoutes } from './routes/rooms.ts';
import { searchRoutes } from './routes/search.ts';
import { sessionRoutes } from './routes/session.ts';
import { appPage, webRoutes } from './routes/web.ts';

export interface App {
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void;
  close(): Promise<void>;
}

/** JSON bodies; an empty one is none at all, so that a client may always name the content type. */
const parseJsonBody = (app: FastifyInstance): void => {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) => {
    if (body === '') done(null, undefined);
    else
      parse(request, body, (error, value) => {
        if (error) done(new EstafetError('bad-json', undefined, { cause: error }), undefined);
        else done(null, value);
      });
  });
};

export const buildApp = async (edge: Edge, webRoot: string | null): Promise<App> => {
  let handler: App['handler'] | null = null;
  const app = fastify({
    logger: false,
    bodyLimit: edge.limits.httpBodyMaxBytes,
    forceCloseConnections: false,
    // Names of rooms are in addresses; it counts in UTF-16 units, of which a letter may have two.
    routerOptions: { maxParamLength: 2 * addressPartMaxChars },
    // Fastify hands its handler over here; the ports are opened elsewhere.
    serverFactory: (given): Server => {
      handler = given;
      return createServer();
    },
    frameworkErrors: (error, _request, reply) => {
      answerError(reply, error, edge.logger);
    },
  });
  app.setValidatorCompiler(validatorWith({}));
  app.setSerializerCompiler(() => JSON.stringify);
  installErrors(app, edge.logger, () => appPage(webRoot));
  parseJsonBody(app);
  await app.register(fastifyHelmet, helmetOptions);
  await app.register(fastifyCookie);
  await app.register(fastifySwagger, openApiOptions);
  installGuards(app, edge);
  await app.register(
    async (api) => {
      sessionRoutes(api, edge);
      passwordRoutes(api, edge);
      peopleRoutes(api, edge);
      roomRoutes(api, edge);
      memberRoutes(api, edge);
      messageRoutes(api, edge);
      markRoutes(api, edge);
      fileRoutes(api, edge);
      searchRoutes(api, edge);
      exportRoutes(api, edge);
      clusterRoutes(api, edge);
      clusterActionRoutes(api, edge);
      labRoutes(api, edge);
      clusterRequestRoutes(api, edge);
      clusterServerRoutes(api, edge);
      api.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
    },
    { prefix: '/api/v1' },
  );
  await app.register((files) => tusRoutes(files, edge));
  healthRoutes(app, edge);
  await webRoutes(app, webRoot);
  await app.ready();
  if (handler === null) throw new Error('fastify has given no handler');
  return { handler, close: () => app.close() };
};
