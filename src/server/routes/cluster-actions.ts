/** What is done to the cluster on purpose: by owners and admins, and by one server to another. */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { type ClusterActionRequest, type ClusterActionResult, EstafetError } from '../../protocol/index.ts';
import { clusterViews } from '../../protocol/schemas.ts';
import { changeOwnFaults, ownFaults } from '../cluster/control-faults.ts';
import { stepDown } from '../cluster/hand-over.ts';
import type { Edge } from '../edge.ts';
import { machineRoute, sessionRoute } from '../route.ts';

const mayAct: ReadonlySet<string> = new Set(['owner', 'admin']);

// The schemas' own types do not know which actions there are; the protocol's do.
const Request = Type.Unsafe<ClusterActionRequest>(clusterViews.ClusterActionRequest);
const Result = Type.Unsafe<ClusterActionResult>(clusterViews.ClusterActionResult);

const FaultChange = Type.Union([
  Type.Object(
    { fault: Type.Union([Type.Literal('cut-link'), Type.Literal('heal-link')]), peer: Type.String() },
    { additionalProperties: false },
  ),
  Type.Object(
    { fault: Type.Union([Type.Literal('slow-link'), Type.Literal('slow-disk')]), ms: Type.Integer({ minimum: 0 }) },
    { additionalProperties: false },
  ),
]);

/** What a server that may be broken on purpose is told by another. */
const requireChaos = ({ chaos }: Edge): void => {
  if (!chaos) throw new EstafetError('chaos-off');
};

export const clusterActionRoutes = (app: FastifyInstance, edge: Edge): void => {
  const tag = 'cluster';
  sessionRoute(
    app,
    edge,
    {
      method: 'POST',
      url: '/cluster/actions',
      operationId: 'act',
      summary: 'Does something to a server or the cluster on purpose; owners and admins may',
      tag,
      body: Request,
      answer: Result,
    },
    ({ body }, { user }) => {
      if (!mayAct.has(user.role)) throw new EstafetError('not-allowed');
      return edge.control.act(body, user.id);
    },
  );

  const url = '/cluster/faults';
  machineRoute(
    app,
    edge,
    {
      method: 'GET',
      url,
      operationId: 'getFaults',
      summary: 'What is wrong on purpose with this server’s links and disk; for the servers themselves',
      tag,
      answer: clusterViews.FaultsView,
    },
    () => ownFaults(edge),
  );
  machineRoute(
    app,
    edge,
    {
      method: 'POST',
      url,
      operationId: 'changeFaults',
      summary: 'Breaks or mends this server’s links or disk; for the servers themselves',
      tag,
      body: FaultChange,
      answer: clusterViews.FaultsView,
    },
    ({ body }) => {
      requireChaos(edge);
      return changeOwnFaults(edge, body);
    },
  );
  machineRoute(
    app,
    edge,
    {
      method: 'POST',
      url: '/cluster/step-down',
      operationId: 'stepDown',
      summary: 'Has this server hand the primary’s role over, if it has it; for the servers themselves',
      tag,
      answer: Type.Object({ server: Type.String() }),
    },
    async () => {
      requireChaos(edge);
      await stepDown(edge.log);
      return { server: edge.name };
    },
  );
};
