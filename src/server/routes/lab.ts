/**
 * Experiments of the lab that are played away from live nodes: batches on virtual time, threads, and failovers of
 * the cluster itself. Any server takes a request; whoever asks another server for what came of it is answered by that one, through this.
 */
import type { FastifyInstance } from 'fastify';
import { type Static, type TSchema, Type } from 'typebox';
import { EstafetError, type LabFailoverRequest, type LabFailoverView } from '../../protocol/index.ts';
import { labApi } from '../../protocol/schemas.ts';
import { askServer } from '../cluster/passing.ts';
import type { Edge } from '../edge.ts';
import { type JobKind, serverOfJob } from '../lab/jobs.ts';
import { machineRoute, sessionRoute } from '../route.ts';
import type { Session } from '../sessions.ts';

const JobId = Type.String({ minLength: 1, maxLength: 120, description: 'What the experiment was answered with.' });
const JobParams = Type.Object({ id: JobId });
const ServerJobParams = Type.Object({
  kind: Type.Union([Type.Literal('batches'), Type.Literal('threads'), Type.Literal('failovers')]),
  id: JobId,
});
const CancelQuery = Type.Object({
  by: Type.Optional(Type.String({ description: 'Only if it is this person’s; anybody’s when it is not named.' })),
});
const JobView = Type.Unsafe<object>({ type: 'object', description: 'The experiment, as its own address answers it.' });

/** Throws `not-allowed` for guests: what they are shown of the lab is live. */
const mustPlay = ({ user }: Session): void => {
  if (user.role === 'guest') throw new EstafetError('not-allowed', 'Guests cannot begin experiments or read them.');
};

/** Whose jobs somebody may cancel: null for anybody's. */
const mayCancel = ({ user }: Session): string | null =>
  user.role === 'owner' || user.role === 'admin' ? null : user.id;

/** A job, from the server that plays it. */
const viewOf = async (edge: Edge, kind: JobKind, id: string): Promise<unknown> => {
  const server = serverOfJob(id);
  if (server === edge.name) return edge.lab.jobs.view(kind, id);
  return passOn(edge, 'GET', server, `${kind}/${encodeURIComponent(id)}`);
};

const cancel = async (edge: Edge, kind: JobKind, id: string, by: string | null): Promise<unknown> => {
  const server = serverOfJob(id);
  if (server === edge.name) return edge.lab.jobs.cancel(kind, id, by);
  const query = by === null ? '' : `?by=${encodeURIComponent(by)}`;
  return passOn(edge, 'DELETE', server, `${kind}/${encodeURIComponent(id)}${query}`);
};

/** Asks the server that a job's id names. One that there is not has no jobs. */
const passOn = async (edge: Edge, method: 'GET' | 'DELETE', server: string, rest: string): Promise<unknown> => {
  const isKnown = edge.log.topology().replicas.some(({ name }) => name === server);
  if (!isKnown) throw new EstafetError('not-found', 'There is no experiment of this id.');
  const path = `/api/v1/lab/jobs/${rest}`;
  return askServer(edge, server, { method, path, deadlineMs: edge.limits.labPassingMs });
};

/** Begins experiment 6 here, or on a backup when this is none. */
const failover = async (edge: Edge, request: LabFailoverRequest, by: string): Promise<LabFailoverView> => {
  if (!edge.chaos) throw new EstafetError('chaos-off');
  const player = edge.lab.failovers.player();
  if (player === edge.name) return edge.lab.failover(request, by);
  const asked = { path: '/api/v1/lab/jobs/failovers', body: { by, request }, deadlineMs: edge.limits.labPassingMs };
  return askServer<LabFailoverView>(edge, player, { method: 'POST', ...asked });
};

interface Kind<A extends TSchema> {
  readonly kind: JobKind;
  /** As it stands in operations' names: `Batch`. */
  readonly name: string;
  readonly what: string;
  readonly answer: A;
}

/** Looks at a job, and ends one: the same of every kind. */
const jobRoutes = <A extends TSchema>(app: FastifyInstance, edge: Edge, { kind, name, what, answer }: Kind<A>) => {
  const about = { url: `/lab/${kind}/:id`, tag: 'lab', params: JobParams, answer } as const;
  const get = { method: 'GET', operationId: `getLab${name}`, summary: `${what}, as it stands` } as const;
  sessionRoute(app, edge, { ...about, ...get }, ({ params: { id } }, session) => {
    mustPlay(session);
    return viewOf(edge, kind, id) as Promise<Static<A>>;
  });
  const end = { method: 'DELETE', operationId: `cancelLab${name}`, summary: `Ends ${what} that is under way` } as const;
  sessionRoute(app, edge, { ...about, ...end }, ({ params: { id } }, session) => {
    mustPlay(session);
    return cancel(edge, kind, id, mayCancel(session)) as Promise<Static<A>>;
  });
};

export const labRoutes = (app: FastifyInstance, edge: Edge): void => {
  sessionRoute(
    app,
    edge,
    {
      method: 'POST',
      url: '/lab/batches',
      operationId: 'beginLabBatch',
      summary: 'Plays an experiment on virtual time, or rows of one’s own, and holds them against theory',
      tag: 'lab',
      body: labApi.LabBatchRequest,
      answer: labApi.LabBatchView,
      status: 201,
    },
    ({ body }, session) => {
      mustPlay(session);
      return edge.lab.batch(body, session.user.id);
    },
  );
  jobRoutes(app, edge, { kind: 'batches', name: 'Batch', what: 'A batch', answer: labApi.LabBatchView });

  sessionRoute(
    app,
    edge,
    {
      method: 'POST',
      url: '/lab/threads',
      operationId: 'beginLabThreads',
      summary: 'Experiment 5: threads that count in a shared counter, with and without atomic operations',
      tag: 'lab',
      body: labApi.LabThreadsRequest,
      answer: labApi.LabThreadsView,
      status: 201,
    },
    ({ body }, session) => {
      mustPlay(session);
      return edge.lab.threads(body, session.user.id);
    },
  );
  jobRoutes(app, edge, { kind: 'threads', name: 'Threads', what: 'Experiment 5', answer: labApi.LabThreadsView });

  sessionRoute(
    app,
    edge,
    {
      method: 'POST',
      url: '/lab/failovers',
      operationId: 'beginLabFailover',
      summary: 'Experiment 6: kills the primary while messages are sent by both methods; owners and admins may',
      tag: 'lab',
      body: labApi.LabFailoverRequest,
      answer: labApi.LabFailoverView,
      status: 201,
    },
    ({ body }, { user }) => {
      if (user.role !== 'owner' && user.role !== 'admin') throw new EstafetError('not-allowed');
      return failover(edge, body, user.id);
    },
  );
  jobRoutes(app, edge, { kind: 'failovers', name: 'Failover', what: 'Experiment 6', answer: labApi.LabFailoverView });
  machineRoute(
    app,
    edge,
    {
      method: 'POST',
      url: '/lab/jobs/failovers',
      operationId: 'beginLabFailoverHere',
      summary: 'Experiment 6 from this very server, which must be a backup; for the servers themselves',
      tag: 'lab',
      body: Type.Object({ by: Type.String(), request: labApi.LabFailoverRequest }),
      answer: labApi.LabFailoverView,
      status: 201,
    },
    ({ body: { by, request } }) => edge.lab.failover(request, by),
  );

  const ofServers = { url: '/lab/jobs/:kind/:id', tag: 'lab', params: ServerJobParams, answer: JobView } as const;
  machineRoute(
    app,
    edge,
    {
      ...ofServers,
      method: 'GET',
      operationId: 'getLabJob',
      summary: 'An experiment that this server plays, for another server',
    },
    ({ params: { kind, id } }) => edge.lab.jobs.view(kind, id) as object,
  );
  machineRoute(
    app,
    edge,
    {
      ...ofServers,
      method: 'DELETE',
      operationId: 'cancelLabJob',
      summary: 'Ends an experiment that this server plays, for another server',
      query: CancelQuery,
    },
    async ({ params: { kind, id }, query: { by = null } }) => (await edge.lab.jobs.cancel(kind, id, by)) as object,
  );
};
