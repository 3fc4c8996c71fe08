/** Rooms: which there are, making and changing one, going in and out, conversations, and how far one has read. */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { EstafetError, type Room } from '../../protocol/index.ts';
import { clientCommands, views } from '../../protocol/schemas.ts';
import { lengthCodesOf } from '../checks.ts';
import { bodyWithId, commandRoute, doCommand, IdQuery, Receipt, RoomParams } from '../command-route.ts';
import type { Edge } from '../edge.ts';
import { sessionRoute } from '../route.ts';
import type { Session } from '../sessions.ts';

/** The room as this person may see it. Throws `no-such-room` when they may not. */
export const roomFor = (edge: Edge, ref: string, userId: string): Room => {
  const room = edge.chat.room(ref, userId);
  if (room === null) throw new EstafetError('no-such-room');
  return room;
};

const { name, topic } = clientCommands['room.edit'].properties;

const Change = bodyWithId({
  name,
  topic,
  archived: Type.Optional(clientCommands['room.archive'].properties.archived),
  notify: Type.Optional(clientCommands['room.notify'].properties.level),
});

interface Changes {
  readonly id?: string;
  readonly name?: string;
  readonly topic?: string;
  readonly archived?: boolean;
  readonly notify?: 'all' | 'mentions' | 'none';
}

/** Three commands behind one address, one a request: an id names one command. */
const change = (edge: Edge, session: Session, room: string, { id, archived, notify, ...edit }: Changes) => {
  const isEdit = Object.keys(edit).length > 0;
  if ([isEdit, archived !== undefined, notify !== undefined].filter(Boolean).length !== 1) {
    throw new EstafetError(
      'bad-request',
      'Give one of these in a request: name and topic, archived, or notify. Each is a command with an id of its own.',
    );
  }
  if (archived !== undefined) return doCommand(edge, session, 'room.archive', { room, archived }, id);
  if (notify !== undefined) return doCommand(edge, session, 'room.notify', { room, level: notify }, id);
  return doCommand(edge, session, 'room.edit', { room, ...edit }, id);
};

export const roomRoutes = (app: FastifyInstance, edge: Edge): void => {
  const tag = 'rooms';
  sessionRoute(
    app,
    edge,
    {
      method: 'GET',
      url: '/rooms',
      operationId: 'listRooms',
      summary: 'The rooms one may know of: open ones, and those one is in',
      tag,
      answer: Type.Object({ rooms: Type.Array(views.Room) }),
    },
    (_call, { user }) => ({ rooms: [...edge.chat.rooms(user.id)] }),
  );

  commandRoute(app, edge, {
    method: 'POST',
    url: '/rooms',
    kind: 'room.create',
    operationId: 'createRoom',
    summary: 'Makes a room, with oneself in it',
    tag,
    status: 201,
  });

  sessionRoute(
    app,
    edge,
    {
      method: 'GET',
      url: '/rooms/:room',
      operationId: 'getRoom',
      summary: 'One room',
      tag,
      params: RoomParams,
      answer: views.Room,
    },
    ({ params }, { user }) => roomFor(edge, params.room, user.id),
  );

  sessionRoute(
    app,
    edge,
    {
      method: 'PATCH',
      url: '/rooms/:room',
      operationId: 'changeRoom',
      summary: 'Changes a room’s name and topic, archives it or takes it back, or says of what in it one is notified',
      tag,
      params: RoomParams,
      query: IdQuery,
      body: Change,
      answer: Receipt,
      codes: lengthCodesOf('room.edit'),
    },
    ({ params, query, body }, session) => change(edge, session, params.room, { ...query, ...body }),
  );

  commandRoute(app, edge, {
    method: 'POST',
    url: '/rooms/:room/join',
    kind: 'room.join',
    operationId: 'joinRoom',
    summary: 'Goes into a room',
    tag,
  });
  commandRoute(app, edge, {
    method: 'POST',
    url: '/rooms/:room/leave',
    kind: 'room.leave',
    operationId: 'leaveRoom',
    summary: 'Goes out of a room',
    tag,
  });
  commandRoute(app, edge, {
    method: 'PUT',
    url: '/rooms/:room/read',
    kind: 'read.mark',
    operationId: 'markRead',
    summary: 'Says up to where one has read; never moves back',
    tag,
  });
  commandRoute(app, edge, {
    method: 'POST',
    url: '/direct',
    kind: 'direct.open',
    operationId: 'openDirect',
    summary: 'Opens the conversation of oneself and these people: the one there is, or a new one',
    tag,
    answer: Type.Object({ ...Receipt.properties, room: Type.String({ description: 'The conversation’s room id.' }) }),
  });
};
