/**
 * Read positions: up to where each person has read each of their rooms. In small rooms everybody is told, so that the
 * author sees who has read; in large ones that would be more telling than talking.
 */
import type { DatabaseSync } from 'node:sqlite';
import { limits } from '../../protocol/index.ts';
import type { Directory } from './directory.ts';
import type { ClientHandlers } from './handler-types.ts';
import { done, refuse } from './turn.ts';

export const readHandlers = (db: DatabaseSync, directory: Directory): Pick<ClientHandlers, 'read.mark'> => {
  const advance = db.prepare('UPDATE members SET read_idx = ?1 WHERE room = ?2 AND user = ?3 AND read_idx < ?1');

  return {
    'read.mark': (turn, person, body) => {
      const room = directory.roomFor(body.room, person);
      if (!room) return refuse('no-such-room');
      if (!directory.isMember(room, person)) return refuse('not-a-member');
      // Nobody has read what is not yet there.
      const readIndex = Math.min(body.index, turn.index);
      if (Number(advance.run(readIndex, room.num, person.num).changes) > 0) {
        const isSmall = directory.memberCount(room) <= limits.receiptsMaxMembers;
        const audience = isSmall
          ? ({ to: 'room', room: room.id } as const)
          : ({ to: 'user', user: person.id } as const);
        turn.tell(audience, { type: 'read.marked', room: room.id, user: person.id, readIndex });
      }
      return done;
    },
  };
};
