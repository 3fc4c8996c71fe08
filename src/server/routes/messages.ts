/** Messages: a room's history in pages, one of them with its earlier wordings and its replies, and writing them. */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { EstafetError, limits, type Message } from '../../protocol/index.ts';
import { views } from '../../protocol/schemas.ts';
import { commandRoute, MessageParams, RoomParams } from '../command-route.ts';
import type { Edge } from '../edge.ts';
import { sessionRoute } from '../route.ts';
import { roomFor } from './rooms.ts';

const Index = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }));

const PageQuery = Type.Object(
  {
    after: Index('Messages after this index, the oldest first.'),
    before: Index('The newest messages before this index.'),
    around: Index('Half of the page before this index, and half from it on.'),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.pageMaxMessages })),
  },
  { additionalProperties: false },
);

/** The message as this person may see it. Throws `no-such-message` when they may not. */
const messageFor = (edge: Edge, id: string, userId: string): Message => {
  const message = edge.chat.message(id, userId);
  if (message === null) throw new EstafetError('no-such-message');
  return message;
};

const readRoutes = (app: FastifyInstance, edge: Edge): void => {
  const tag = 'messages';
  sessionRoute(
    app,
    edge,
    {
      method: 'GET',
      url: '/rooms/:room/messages',
      operationId: 'listMessages',
      summary: 'A page of a room’s history, oldest first; without a cursor the newest page',
      tag,
      params: RoomParams,
      query: PageQuery,
      answer: views.MessagePage,
    },
    ({ params, query: { limit = limits.pageDefaultMessages, ...cursor } }, { user }) => {
      const room = roomFor(edge, params.room, user.id);
      if (Object.keys(cursor).length > 1) {
        throw new EstafetError('bad-request', 'after, before, around: only one of them.');
      }
      return edge.chat.page(room.id, { ...cursor, limit }, user.id);
    },
  );

  sessionRoute(
    app,
    edge,
    {
      method: 'GET',
      url: '/messages/:message',
      operationId: 'getMessage',
      summary: 'One message',
      tag,
      params: MessageParams,
      answer: views.Message,
    },
    ({ params }, { user }) => messageFor(edge, params.message, user.id),
  );

  sessionRoute(
    app,
    edge,
    {
      method: 'GET',
      url: '/messages/:message/wordings',
      operationId: 'listWordings',
      summary: 'What a message said before it was changed, the oldest first',
      tag,
      params: MessageParams,
      answer: Type.Object({ wordings: Type.Array(views.Wording) }),
    },
    ({ params }, { user }) => {
      const wordings = edge.chat.wordings(params.message, user.id);
      if (wordings === null) throw new EstafetError('no-such-message');
      return { wordings: [...wordings] };
    },
  );

  sessionRoute(
    app,
    edge,
    {
      method: 'GET',
      url: '/messages/:message/replies',
      operationId: 'listReplies',
      summary: 'The messages that answer a message, oldest first',
      tag,
      params: MessageParams,
      answer: Type.Object({ messages: Type.Array(views.Message) }),
    },
    ({ params }, { user }) => {
      const { id } = messageFor(edge, params.message, user.id);
      return { messages: [...edge.chat.replies(id, user.id)] };
    },
  );
};

export const messageRoutes = (app: FastifyInstance, edge: Edge): void => {
  const tag = 'messages';
  readRoutes(app, edge);
  commandRoute(app, edge, {
    method: 'POST',
    url: '/rooms/:room/messages',
    kind: 'message.post',
    operationId: 'postMessage',
    summary: 'Posts a message; safe to send again with the same id',
    tag,
    status: 201,
  });
  commandRoute(app, edge, {
    method: 'PATCH',
    url: '/messages/:message',
    kind: 'message.edit',
    operationId: 'editMessage',
    summary: 'Changes a message of one’s own',
    tag,
  });
  commandRoute(app, edge, {
    method: 'DELETE',
    url: '/messages/:message',
    kind: 'message.delete',
    operationId: 'deleteMessage',
    summary: 'Deletes a message; its place stays',
    tag,
  });
};
