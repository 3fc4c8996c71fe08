/** Rooms: which there are, making one, going in and out, and how far one has read. */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { EstafetError, limits, newCommandId, type Room } from '../../protocol/index.ts';
import { clientCommands, views } from '../../protocol/schemas.ts';
import type { Edge } from '../edge.ts';
import { sessionRoute } from '../route.ts';
import { CommandId, Receipt, RoomParams } from './receipt.ts';

/** The room as this person may see it. Throws `no-such-room` when they may not. */
export const roomFor = (edge: Edge, ref: string, userId: string): Room => {
  const room = edge.chat.room(ref, userId);
  if (room === null) throw new EstafetError('no-such-room');
  return room;
};

export const roomRoutes = (app: FastifyInstance, edge: Edge): void => {
  sessionRoute(
    app,
    edge,
    {
      method: 'GET',
      url: '/rooms',
      summary: 'The rooms one may know of: open ones, and those one is in',
      tag: 'rooms',
      answer: Type.Object({ rooms: Type.Array(views.Room) }),
    },
    (_call, { user }) => ({ rooms: [...edge.chat.rooms(user.id)] }),
  );

  const { access, topic } = clientCommands['room.create'].properties;
  sessionRoute(
    app,
    edge,
    {
      method: 'POST',
      url: '/rooms',
      summary: 'Makes a room, with oneself in it',
      tag: 'rooms',
      body: Type.Object(
        {
          id: Type.Optional(CommandId),
          name: Type.String({ description: `At most ${limits.roomNameMaxChars} characters.` }),
          topic,
          access,
        },
        { additionalProperties: false },
      ),
      answer: Receipt,
      status: 201,
    },
    async ({ body: { id = newCommandId(), ...body } }, { user }) => {
      if (body.name.length > limits.roomNameMaxChars) throw new EstafetError('room-name-invalid');
      const { index } = await edge.commands.run({ id, by: user.id, kind: 'room.create', body });
      return { id, index };
    },
  );

  sessionRoute(
    app,
    edge,
    {
      method: 'GET',
      url: '/rooms/:room',
      summary: 'One room',
      tag: 'rooms',
      params: RoomParams,
      answer: views.Room,
    },
    ({ params }, { user }) => roomFor(edge, params.room, user.id),
  );

  for (const [action, kind, summary] of [
    ['join', 'room.join', 'Goes into a room'],
    ['leave', 'room.leave', 'Goes out of a room'],
  ] as const) {
    sessionRoute(
      app,
      edge,
      {
        method: 'POST',
        url: `/rooms/:room/${action}`,
        summary,
        tag: 'rooms',
        params: RoomParams,
        answer: Receipt,
      },
      async ({ params: { room } }, { user }) => {
        const id = newCommandId();
        const { index } = await edge.commands.run({ id, by: user.id, kind, body: { room } });
        return { id, index };
      },
    );
  }

  sessionRoute(
    app,
    edge,
    {
      method: 'PUT',
      url: '/rooms/:room/read',
      summary: 'Says up to where one has read; never moves back',
      tag: 'rooms',
      params: RoomParams,
      body: Type.Object({ index: Type.Integer({ minimum: 0 }) }, { additionalProperties: false }),
      answer: Receipt,
    },
    async ({ params: { room }, body }, { user }) => {
      const id = newCommandId();
      const { index } = await edge.commands.run({
        id,
        by: user.id,
        kind: 'read.mark',
        body: { room, index: body.index },
      });
      return { id, index };
    },
  );
};
