/** The cluster as this server sees it, and whether the server is well. */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { EstafetError } from '../../protocol/index.ts';
import { views } from '../../protocol/schemas.ts';
import type { Edge } from '../edge.ts';
import { sourceOf } from '../http-guards.ts';
import { openRoute } from '../route.ts';

const Health = Type.Object({ ok: Type.Literal(true), server: Type.String() });

const FingerprintParams = Type.Object({
  index: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'A position in the log.' }),
});

export const clusterRoutes = (app: FastifyInstance, edge: Edge): void => {
  openRoute(
    app,
    {
      method: 'GET',
      url: '/topology',
      operationId: 'getTopology',
      summary: 'The servers: roles, positions, fingerprints. No session is needed',
      tag: 'cluster',
      answer: views.TopologyView,
    },
    ({ request }) => edge.cluster.full(sourceOf(request).host?.hostname ?? edge.defaultHostname),
  );

  openRoute(
    app,
    {
      method: 'GET',
      url: '/fingerprints/:index',
      operationId: 'getFingerprint',
      summary: 'This server’s fingerprint at an index, to compare with another server’s. No session is needed',
      tag: 'cluster',
      params: FingerprintParams,
      answer: views.FingerprintView,
    },
    ({ params: { index } }) => {
      const fingerprint = edge.log.fingerprintAt(index);
      return { server: edge.name, index, fingerprint, applied: edge.chat.position.index };
    },
  );
};

/** Why this server should not be sent anybody, or null when it may. */
const unreadiness = async ({ log, applier, limits, cluster }: Edge): Promise<string | null> => {
  const { primary, self, waiting, replicas } = log.topology();
  if (primary === null) return waiting === null ? 'no server is primary' : `no server is primary: ${waiting}`;
  if (cluster.isBehind) return 'it is catching up with the others';
  const committed = replicas.find(({ name }) => name === self)?.committed ?? 0;
  if (await applier.whenApplied(committed, limits.readyWaitMaxMs)) return null;
  return `entries up to ${committed} are committed and not applied here yet`;
};

export const healthRoutes = (app: FastifyInstance, edge: Edge): void => {
  openRoute(
    app,
    {
      method: 'GET',
      url: '/healthz',
      operationId: 'getHealth',
      summary: 'Whether the process is alive',
      tag: 'cluster',
      answer: Health,
    },
    () => ({ ok: true as const, server: edge.name }),
  );

  openRoute(
    app,
    {
      method: 'GET',
      url: '/readyz',
      operationId: 'getReadiness',
      summary: 'Whether the server should be sent clients; 503 with the reason when not',
      tag: 'cluster',
      answer: Health,
    },
    async () => {
      const reason = await unreadiness(edge);
      if (reason !== null) throw new EstafetError('unavailable', `Not ready: ${reason}.`);
      return { ok: true as const, server: edge.name };
    },
  );
};
