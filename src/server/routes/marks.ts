/** What people put on messages: reactions, and pins to their room. */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { views } from '../../protocol/schemas.ts';
import { commandRoute, RoomParams } from '../command-route.ts';
import type { Edge } from '../edge.ts';
import { sessionRoute } from '../route.ts';
import { roomFor } from './rooms.ts';

export const markRoutes = (app: FastifyInstance, edge: Edge): void => {
  const reaction = { url: '/messages/:message/reactions/:emoji', kind: 'message.react', tag: 'reactions' } as const;
  commandRoute(app, edge, {
    ...reaction,
    method: 'PUT',
    fixed: { on: true },
    operationId: 'addReaction',
    summary: 'Reacts to a message with an emoji',
  });
  commandRoute(app, edge, {
    ...reaction,
    method: 'DELETE',
    fixed: { on: false },
    operationId: 'removeReaction',
    summary: 'Takes one’s own reaction back',
  });

  const pin = { url: '/messages/:message/pin', kind: 'message.pin', tag: 'pins' } as const;
  commandRoute(app, edge, {
    ...pin,
    method: 'PUT',
    fixed: { on: true },
    operationId: 'pinMessage',
    summary: 'Pins a message to its room',
  });
  commandRoute(app, edge, {
    ...pin,
    method: 'DELETE',
    fixed: { on: false },
    operationId: 'unpinMessage',
    summary: 'Takes a message’s pin out',
  });
  sessionRoute(
    app,
    edge,
    {
      method: 'GET',
      url: '/rooms/:room/pins',
      operationId: 'listPins',
      summary: 'A room’s pinned messages, the newest pin first',
      tag: 'pins',
      params: RoomParams,
      answer: Type.Object({ messages: Type.Array(views.Message) }),
    },
    ({ params }, { user }) => ({ messages: [...edge.chat.pins(roomFor(edge, params.room, user.id).id, user.id)] }),
  );
};
