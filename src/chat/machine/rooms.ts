/** Rooms: made, joined, left. A closed room does not exist for who is not in it; everybody is in `general`. */
import { limits } from '../../protocol/index.ts';
import { type Directory, factsOf } from './directory.ts';
import type { ClientHandlers } from './handler-types.ts';
import { roomName } from './names.ts';
import { storable } from './storable.ts';
import { done, refuse } from './turn.ts';

type Kinds = 'room.create' | 'room.join' | 'room.leave';

export const roomHandlers = (directory: Directory): Pick<ClientHandlers, Kinds> => ({
  'room.create': (turn, person, body) => {
    if (person.role === 'guest') return refuse('not-allowed');
    const name = roomName(body.name);
    if (!name) return refuse('room-name-invalid');
    if (directory.roomNamed(name.key)) return refuse('room-name-taken');
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
    if (!directory.isMember(room, person)) directory.join(turn, room, person);
    return done;
  },

  'room.leave': (turn, person, body) => {
    const room = directory.roomFor(body.room, person);
    if (!room) return refuse('no-such-room');
    if (room === directory.general) return refuse('cannot-leave-general');
    if (!directory.isMember(room, person)) return refuse('not-a-member');
    directory.leave(turn, room, person);
    return done;
  },
});
