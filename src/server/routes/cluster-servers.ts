/** Single servers, asked themselves; and the last ten minutes of the cluster. */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { ClusterHistory, TopologyView } from '../../protocol/index.ts';
import { clusterViews } from '../../protocol/schemas.ts';
import { detailsOf } from '../cluster/details.ts';
import type { Edge } from '../edge.ts';
import { sourceOf } from '../http-guards.ts';
import { machineRoute, sessionRoute } from '../route.ts';

const NameParams = Type.Object({ name: Type.String({ minLength: 1, maxLength: 64, description: 'A server’s name.' }) });

// The schema's own types do not know which kinds of events there are; the protocol's do.
const HistoryAnswer = Type.Unsafe<ClusterHistory>(clusterViews.ClusterHistory);

/** The same topology with addresses on the host name by which the client knows the servers. */
const addressed = (topology: TopologyView, hostname: string): TopologyView => ({
  ...topology,
  servers: topology.servers.map((server) => ({ ...server, url: server.url.replace('//:', `//${hostname}:`) })),
});

/** @param hostname the one in addresses; empty for another server, which puts in its own client's */
const historyOf = ({ name, chat, history, limits }: Edge, hostname: string): ClusterHistory => {
  const topologies = history.topologies();
  const oldest = Date.now() - limits.clusterHistoryMs;
  const newestFirst = chat.requests({ limit: limits.clusterHistoryRequestsMax });
  return {
    server: name,
    events: history.events(),
    topologies:
      hostname === ''
        ? [...topologies]
        : topologies.map(({ at, topology }) => ({ at, topology: addressed(topology, hostname) })),
    requests: newestFirst.filter(({ at }) => at >= oldest).reverse(),
  };
};

export const clusterServerRoutes = (app: FastifyInstance, edge: Edge): void => {
  const tag = 'cluster';
  sessionRoute(
    app,
    edge,
    {
      method: 'GET',
      url: '/cluster/servers/:name',
      operationId: 'getServer',
      summary: 'A server, asked itself: what it has processed and synchronised, memory, disk, delay of its event loop',
      tag,
      params: NameParams,
      answer: clusterViews.ServerDetails,
    },
    ({ params: { name }, request }) => detailsOf(edge, name, hostnameOf(edge, request)),
  );

  sessionRoute(
    app,
    edge,
    {
      method: 'GET',
      url: '/cluster/history',
      operationId: 'getClusterHistory',
      summary: 'The last ten minutes of the cluster: events, topologies and requests',
      tag,
      answer: HistoryAnswer,
    },
    ({ request }) => historyOf(edge, hostnameOf(edge, request)),
  );

  machineRoute(
    app,
    edge,
    {
      method: 'GET',
      url: '/cluster/self',
      operationId: 'getSelf',
      summary: 'This server, as it is now; for the servers themselves',
      tag,
      answer: clusterViews.ServerDetails,
    },
    () => edge.details.now(),
  );

  machineRoute(
    app,
    edge,
    {
      method: 'GET',
      url: '/cluster/history/own',
      operationId: 'getOwnHistory',
      summary: 'The last ten minutes as this server knows them; for the servers themselves',
      tag,
      answer: HistoryAnswer,
    },
    () => historyOf(edge, ''),
  );
};

const hostnameOf = ({ defaultHostname }: Edge, request: Parameters<typeof sourceOf>[0]): string =>
  sourceOf(request).host?.hostname ?? defaultHostname;
