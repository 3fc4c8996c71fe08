/** Messages: a room's history in pages, posting, editing, deleting. */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { EstafetError, limits, newCommandId } from '../../protocol/index.ts';
import { views } from '../../protocol/schemas.ts';
import type { Edge } from '../edge.ts';
import { sessionRoute } from '../route.ts';
import { CommandId, MessageParams, Receipt, RoomParams } from './receipt.ts';
import { roomFor } from './rooms.ts';

const Text = Type.String({ maxLength: limits.messageTextMaxChars });
const TextBody = Type.Object({ id: Type.Optional(CommandId), text: Text }, { additionalProperties: false });

const PageQuery = Type.Object(
  {
    after: Type.Optional(Type.Integer({ minimum: 0, description: 'Messages after this index, the oldest first.' })),
    before: Type.Optional(Type.Integer({ minimum: 0, description: 'The newest messages before this index.' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.pageMaxMessages })),
  },
  { additionalProperties: false },
);

export const messageRoutes = (app: FastifyInstance, edge: Edge): void => {
  sessionRoute(
    app,
    edge,
    {
      method: 'GET',
      url: '/rooms/:room/messages',
      summary: 'A page of a room’s history, oldest first; without a cursor the newest page',
      tag: 'messages',
      params: RoomParams,
      query: PageQuery,
      answer: views.MessagePage,
    },
    ({ params, query }, { user }) => {
      const room = roomFor(edge, params.room, user.id);
      if (query.after !== undefined && query.before !== undefined) {
        throw new EstafetError('bad-request', 'after, before: only one of them.');
      }
      return edge.chat.page(room.id, { ...query, limit: query.limit ?? limits.pageDefaultMessages });
    },
  );

  sessionRoute(
    app,
    edge,
    {
      method: 'POST',
      url: '/rooms/:room/messages',
      summary: 'Posts a message; safe to send again with the same id',
      tag: 'messages',
      params: RoomParams,
      body: TextBody,
      answer: Receipt,
      status: 201,
    },
    async ({ params: { room }, body: { id = newCommandId(), text } }, { user }) => {
      const { index } = await edge.commands.run({ id, by: user.id, kind: 'message.post', body: { room, text } });
      return { id, index };
    },
  );

  sessionRoute(
    app,
    edge,
    {
      method: 'PATCH',
      url: '/messages/:message',
      summary: 'Changes a message of one’s own',
      tag: 'messages',
      params: MessageParams,
      body: TextBody,
      answer: Receipt,
    },
    async ({ params: { message }, body: { id = newCommandId(), text } }, { user }) => {
      const { index } = await edge.commands.run({ id, by: user.id, kind: 'message.edit', body: { message, text } });
      return { id, index };
    },
  );

  sessionRoute(
    app,
    edge,
    {
      method: 'DELETE',
      url: '/messages/:message',
      summary: 'Deletes a message; its place stays',
      tag: 'messages',
      params: MessageParams,
      answer: Receipt,
    },
    async ({ params: { message } }, { user }) => {
      const id = newCommandId();
      const { index } = await edge.commands.run({ id, by: user.id, kind: 'message.delete', body: { message } });
      return { id, index };
    },
  );
};
