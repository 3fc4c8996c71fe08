/** Who is in a room, who is brought in, and who is taken out. */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { views } from '../../protocol/schemas.ts';
import { commandRoute, RoomParams } from '../command-route.ts';
import type { Edge } from '../edge.ts';
import { sessionRoute } from '../route.ts';
import { roomFor } from './rooms.ts';

export const memberRoutes = (app: FastifyInstance, edge: Edge): void => {
  const tag = 'members';
  sessionRoute(
    app,
    edge,
    {
      method: 'GET',
      url: '/rooms/:room/members',
      operationId: 'listMembers',
      summary: 'Who is in a room, and up to where each has read',
      tag,
      params: RoomParams,
      answer: Type.Object({ members: Type.Array(views.Member) }),
    },
    ({ params }, { user }) => ({ members: [...edge.chat.members(roomFor(edge, params.room, user.id).id)] }),
  );

  const url = '/rooms/:room/members/:user';
  commandRoute(app, edge, {
    method: 'PUT',
    url,
    kind: 'room.invite',
    operationId: 'inviteMember',
    summary: 'Brings somebody into a room that one is in',
    tag,
  });
  commandRoute(app, edge, {
    method: 'DELETE',
    url,
    kind: 'room.remove',
    operationId: 'removeMember',
    summary: 'Takes somebody out of a room; its creator, owners and admins may',
    tag,
  });
};
