/** The cluster as this server sees it, and whether the server is well. */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { views } from '../../protocol/schemas.ts';
import type { Edge } from '../edge.ts';
import { sourceOf } from '../http-guards.ts';
import { openRoute } from '../route.ts';

/** How long `/readyz` lets the server apply what is committed before it says that it is behind. */
const readyWaitMs = 250;

export const topologyRoute = (app: FastifyInstance, edge: Edge): void => {
  openRoute(
    app,
    {
      method: 'GET',
      url: '/topology',
      summary: 'The servers: roles, positions, fingerprints. No session is needed',
      tag: 'cluster',
      answer: views.TopologyView,
    },
    ({ request }) => edge.cluster.full(sourceOf(request).host?.hostname ?? edge.defaultHostname),
  );
};

/** Why this server should not be sent anybody, or null when it may. */
const unreadiness = async ({ log, applier }: Edge): Promise<string | null> => {
  const { primary, self, replicas } = log.topology();
  if (primary === null) return 'no server is primary';
  const committed = replicas.find(({ name }) => name === self)?.committed ?? 0;
  if (await applier.whenApplied(committed, readyWaitMs)) return null;
  return `entries up to ${committed} are committed and not applied here yet`;
};

export const healthRoutes = (app: FastifyInstance, edge: Edge): void => {
  openRoute(
    app,
    {
      method: 'GET',
      url: '/healthz',
      summary: 'Whether the process is alive',
      tag: 'cluster',
      answer: Type.Object({ ok: Type.Literal(true), server: Type.String() }),
    },
    () => ({ ok: true as const, server: edge.name }),
  );

  app.get(
    '/readyz',
    { schema: { summary: 'Whether the server should be sent clients', tags: ['cluster'] } },
    async (_request, reply) => {
      const reason = await unreadiness(edge);
      reply.header('cache-control', 'no-store').code(reason === null ? 200 : 503);
      if (reason === null) return { ok: true, server: edge.name };
      return { ok: false, server: edge.name, error: { code: 'unavailable', message: `Not ready: ${reason}.` } };
    },
  );
};
