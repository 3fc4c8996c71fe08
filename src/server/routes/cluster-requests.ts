/** Numbered requests: asked for by people, and handed on by servers whose primary is to die of one. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { EstafetError, limits, newCommandId } from '../../protocol/index.ts';
import { clusterViews } from '../../protocol/schemas.ts';
import { leaveToHeirs } from '../cluster/last-will.ts';
import { askServer } from '../cluster/passing.ts';
import type { Asker, Order, RequestAnswer } from '../cluster/requests.ts';
import { bodyWithId } from '../command-route.ts';
import type { Edge } from '../edge.ts';
import { machineRoute, sessionRoute } from '../route.ts';

const Answer = Type.Pick(clusterViews.RequestView, ['id', 'label', 'index', 'epoch', 'processedBy']);

const Ask = bodyWithId({
  fail: Type.Optional(
    Type.Boolean({ description: 'Whether the primary is to die of it; owners and admins may ask for that.' }),
  ),
});

const OrderBody = Type.Object(
  { id: Type.String(), user: Type.String(), failIn: Type.Optional(Type.Integer({ minimum: 1 })) },
  { additionalProperties: false },
);

const page = (most: number) => Type.Optional(Type.Integer({ minimum: 1, maximum: most }));

/** Nothing answers any more: this process dies, and somebody else does. */
const never = <T>(): Promise<T> => new Promise(() => {});

const dyingPath = '/api/v1/cluster/requests/dying';

/** Has the primary die of it, wherever that is; gives what came of it. */
const fail = async (edge: Edge, asker: Asker, id: string, reply: FastifyReply): Promise<RequestAnswer> => {
  const { requests, limits } = edge;
  for (let tries = 0; tries < limits.clusterFailingTriesMax; tries++) {
    const { order, victim } = await requests.failing(id, asker);
    if (victim === null) return requests.complete(order);
    if (victim === edge.name) {
      if (!requests.isVictim(order)) continue;
      leaveToHeirs(edge, reply, order, requests.heirs());
      requests.dieOf(order);
      return never();
    }
    const dies = await tellToDie(edge, victim, order);
    if (dies) return requests.complete(order);
  }
  throw new EstafetError('unavailable', 'The primary changes; nobody died of it, and it was not done.');
};

/** Whether the primary dies of it: then it gives no answer. */
const tellToDie = async (edge: Edge, victim: string, order: Order): Promise<boolean> => {
  const { siblingDeadlineMs } = edge.limits;
  try {
    const path = dyingPath;
    const { dies } = await askServer<{ readonly dies: boolean }>(edge, victim, {
      ...{ method: 'POST', path, body: order, deadlineMs: 2 * siblingDeadlineMs },
    });
    return dies;
  } catch (error) {
    if (error instanceof EstafetError && error.code === 'unavailable') return true;
    throw error;
  }
};

export const clusterRequestRoutes = (app: FastifyInstance, edge: Edge): void => {
  const { requests } = edge;
  const tag = 'cluster';
  const url = '/cluster/requests';

  sessionRoute(
    app,
    edge,
    {
      method: 'POST',
      url,
      operationId: 'runRequest',
      summary:
        'A numbered request: it asks for nothing but to be processed. With `fail`, the primary really dies of it',
      tag,
      body: Ask,
      answer: Answer,
    },
    async ({ body: { id = newCommandId(), fail: fails = false }, reply }, { user }) => {
      const known = requests.take(id, user);
      if (known !== null) return known;
      return fails ? fail(edge, user, id, reply) : requests.complete({ id, user: user.id });
    },
  );

  sessionRoute(
    app,
    edge,
    {
      method: 'GET',
      url,
      operationId: 'listRequests',
      summary: `The numbered requests, the newest first; the newest ${limits.requestsKeptMax} are kept`,
      tag,
      query: Type.Object({
        before: Type.Optional(Type.Integer({ minimum: 1, description: 'Only those before this index.' })),
        limit: page(limits.pageMaxMessages),
      }),
      answer: Type.Object({ requests: Type.Array(clusterViews.RequestView) }),
    },
    ({ query: { before, limit = limits.pageMaxMessages } }) => ({
      requests: [...edge.chat.requests({ limit, ...(before === undefined ? {} : { before }) })],
    }),
  );

  sessionRoute(
    app,
    edge,
    {
      method: 'GET',
      url: '/cluster/takeovers',
      operationId: 'listTakeovers',
      summary: `The takeovers and their times, the newest first; the newest ${limits.takeoversKeptMax} are kept`,
      tag,
      query: Type.Object({ limit: page(limits.takeoversKeptMax) }),
      answer: Type.Object({ takeovers: Type.Array(clusterViews.TakeoverView) }),
    },
    ({ query: { limit = limits.clusterNewsTakeoversMax } }) => ({ takeovers: [...edge.chat.takeovers(limit)] }),
  );

  machineRoute(
    app,
    edge,
    {
      method: 'POST',
      url: `${url}/dying`,
      operationId: 'dieOfRequest',
      summary:
        'Has this server die of a request, if it leads the epoch that the request names; for the servers themselves',
      tag,
      body: OrderBody,
      answer: Type.Object({ dies: Type.Literal(false) }),
    },
    ({ body }) => {
      if (!edge.chaos) throw new EstafetError('chaos-off');
      if (!requests.isVictim(body)) return { dies: false as const };
      requests.dieOf(body);
      return never();
    },
  );

  machineRoute(
    app,
    edge,
    {
      method: 'POST',
      url: `${url}/complete`,
      operationId: 'completeRequest',
      summary: 'Has a request processed whose primary died of it; for the servers themselves',
      tag,
      body: OrderBody,
      answer: Answer,
    },
    ({ body }) => requests.complete(body),
  );
};
