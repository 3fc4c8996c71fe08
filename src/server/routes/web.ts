/** The web app: its files, and its page for every address that the app itself routes. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Addresses that the app routes. */
const pages = [
  '/',
  '/rooms/:room',
  '/rooms/:room/m/:index',
  '/cluster',
  '/lab',
  '/lab/:part',
  '/lab/:part/:item',
  '/settings',
] as const;

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Estafet</title>
<h1>Estafet is running</h1>
<p>The web app has not been built. Run <code>npm run build:web</code> and start again.</p>
<p>The API is described at <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>.</p>
</html>
`;

/** The app's page, or null when it has not been built. */
export const appPage = (webRoot: string | null): Promise<string | null> =>
  webRoot === null ? Promise.resolve(null) : readFile(join(webRoot, 'index.html'), 'utf8').catch(() => null);

export const webRoutes = async (app: FastifyInstance, webRoot: string | null): Promise<void> => {
  const hide = { schema: { hide: true } };
  if (webRoot === null || !existsSync(join(webRoot, 'index.html'))) {
    for (const page of pages) {
      app.get(page, hide, (_request, reply) => reply.type('text/html; charset=utf-8').send(notBuilt));
    }
    return;
  }
  await app.register(fastifyStatic, {
    root: webRoot,
    index: false,
    cacheControl: false,
    schemaHide: true,
    setHeaders: (reply, path) => {
      // Files under assets/ carry a hash of their content in their name.
      const isHashed = path.startsWith(join(webRoot, 'assets'));
      reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  for (const page of pages) app.get(page, hide, (_request, reply) => reply.sendFile('index.html'));
};
