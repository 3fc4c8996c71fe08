/**
 * Rooms: made, joined, left; named, described, archived; people brought in and taken out; conversations of a few people.
 * A closed room does not exist for who is not in it; everybody is in `general`; a direct room is its people, for ever.
 */
import type { DatabaseSync } from 'node:sqlite';
import { limits, type NotifyLevel, type RoomAccess } from '../../protocol/index.ts';
import { type Directory, factsOf, type Person, type RoomRecord } from './directory.ts';
import type { ClientHandlers } from './handler-types.ts';
import { roomName } from './names.ts';
import { storable } from './storable.ts';
import { done, refuse } from './turn.ts';

type Comings = 'room.create' | 'room.join' | 'room.leave';
type Settings = 'room.edit' | 'room.archive' | 'room.notify';
type Invitations = 'room.invite' | 'room.remove' | 'direct.open';

const keepsOrder = (person: Person): boolean => person.role === 'owner' || person.role === 'admin';

/** Of what somebody is notified who has not said: of everything said to them, and of what names them elsewhere. */
export const standardLevel = (access: RoomAccess): NotifyLevel => (access === 'direct' ? 'all' : 'mentions');

export const roomHandlers = (directory: Directory): Pick<ClientHandlers, Comings> => ({
  'room.create': (turn, person, body) => {
    if (person.role === 'guest') return refuse('not-allowed');
    const name = roomName(body.name);
    if (!name) return refuse('room-name-invalid');
    if (directory.isRoomNameTaken(name.key)) return refuse('room-name-taken');
    if (directory.roomCount >= limits.roomsMax) return refuse('workspace-full');
    const topic = storable(body.topic ?? '').trim();
    const room = directory.addRoom(turn, name, topic, body.access ?? 'open', person);
    const audience = room.access === 'open' ? ({ to: 'all' } as const) : ({ to: 'room', room: room.id } as const);
    turn.tell(audience, { type: 'room.created', room: factsOf(room) });
    directory.join(turn, room, person);
    return done;
  },

  'room.join': (turn, person, body) => {
    const room = directory.roomFor(body.room, person);
    if (!room) return refuse('no-such-room');
    if (directory.isMember(room, person)) return done;
    if (room.archived) return refuse('room-archived');
    directory.join(turn, room, person);
    return done;
  },

  'room.leave': (turn, person, body) => {
    const room = directory.roomFor(body.room, person);
    if (!room) return refuse('no-such-room');
    if (room === directory.general) return refuse('cannot-leave-general');
    if (room.access === 'direct') return refuse('room-direct');
    if (!directory.isMember(room, person)) return refuse('not-a-member');
    directory.leave(turn, room, person);
    return done;
  },
});

export const roomSettingHandlers = (db: DatabaseSync, directory: Directory): Pick<ClientHandlers, Settings> => {
  const level = db.prepare('SELECT notify FROM members WHERE room = ? AND user = ?');
  const setLevel = db.prepare('UPDATE members SET notify = ? WHERE room = ? AND user = ?');

  return {
    'room.edit': (turn, person, body) => {
      const room = directory.roomFor(body.room, person);
      if (!room) return refuse('no-such-room');
      if (room.access === 'direct') return refuse('room-direct');
      if (!directory.isMember(room, person)) return refuse('not-a-member');
      if (person.role === 'guest') return refuse('not-allowed');
      if (room === directory.general && !keepsOrder(person)) return refuse('not-allowed');
      if (room.archived) return refuse('room-archived');
      const name = body.name === undefined ? undefined : roomName(body.name);
      if (name === null) return refuse('room-name-invalid');
      if (name && directory.isRoomNameTaken(name.key, room)) return refuse('room-name-taken');
      const topic = body.topic === undefined ? room.topic : storable(body.topic).trim();
      if ((name?.shown ?? room.name) === room.name && topic === room.topic) return done;
      directory.changeRoom(turn, room, { ...(name ? { name } : {}), topic });
      return done;
    },

    'room.archive': (turn, person, body) => {
      const room = directory.roomFor(body.room, person);
      if (!room) return refuse('no-such-room');
      if (room.access === 'direct') return refuse('room-direct');
      if (room === directory.general || !mayKeep(room, person)) return refuse('not-allowed');
      if ((room.archived === true) === body.archived) return done;
      directory.changeRoom(turn, room, { archived: body.archived });
      return done;
    },

    'room.notify': (turn, person, body) => {
      const room = directory.roomFor(body.room, person);
      if (!room) return refuse('no-such-room');
      if (!directory.isMember(room, person)) return refuse('not-a-member');
      if (level.get(room.num, person.num)?.notify === body.level) return done;
      setLevel.run(body.level, room.num, person.num);
      turn.tell({ to: 'user', user: person.id }, { type: 'room.notified', room: room.id, level: body.level });
      return done;
    },
  };
};

/** Whether this person may archive a room and take people out of it. */
const mayKeep = (room: RoomRecord, person: Person): boolean =>
  keepsOrder(person) || (room.createdBy === person.id && person.role !== 'guest');

export const invitationHandlers = (directory: Directory): Pick<ClientHandlers, Invitations> => ({
  'room.invite': (turn, person, body) => {
    const room = directory.roomFor(body.room, person);
    if (!room) return refuse('no-such-room');
    if (room.access === 'direct') return refuse('room-direct');
    if (!directory.isMember(room, person)) return refuse('not-a-member');
    if (person.role === 'guest') return refuse('not-allowed');
    const invited = directory.person(body.user);
    if (!invited) return refuse('no-such-user');
    if (directory.isMember(room, invited)) return done;
    if (room.archived) return refuse('room-archived');
    if (invited.role === 'guest' && room.access !== 'open') return refuse('not-allowed');
    directory.join(turn, room, invited);
    return done;
  },

  'room.remove': (turn, person, body) => {
    const room = directory.roomFor(body.room, person);
    if (!room) return refuse('no-such-room');
    if (room === directory.general) return refuse('cannot-leave-general');
    if (room.access === 'direct') return refuse('room-direct');
    if (!mayKeep(room, person)) return refuse('not-allowed');
    const removed = directory.person(body.user);
    if (!removed) return refuse('no-such-user');
    if (directory.isMember(room, removed)) directory.leave(turn, room, removed);
    return done;
  },

  'direct.open': (turn, person, body) => {
    const people = new Set([person]);
    for (const id of body.users) {
      const other = directory.person(id);
      if (!other) return refuse('no-such-user');
      people.add(other);
    }
    const inOrder = [...people].sort((one, other) => one.num - other.num);
    const known = directory.directRoomOf(inOrder);
    if (known) return { ok: true, room: known.id };
    if (inOrder.some(({ role }) => role === 'guest')) return refuse('not-allowed');
    if (directory.directRoomCount >= limits.directRoomsMax) return refuse('workspace-full');
    return { ok: true, room: directory.addDirectRoom(turn, inOrder, person).id };
  },
});
