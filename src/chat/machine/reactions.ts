/** Reactions and pins: what people in a room attach to its messages. Doing either twice changes nothing. */
import type { DatabaseSync } from 'node:sqlite';
import { type ErrorCode, limits } from '../../protocol/index.ts';
import { has } from '../schema.ts';
import type { Directory, Person } from './directory.ts';
import { emojiOf } from './emoji.ts';
import type { ClientHandlers } from './handler-types.ts';
import type { Found, MessageStore } from './message-store.ts';
import { done, refuse } from './turn.ts';

/** The message, when this person may attach something to it, or why not. */
const attachable = (directory: Directory, messages: MessageStore, id: string, person: Person): Found | ErrorCode => {
  const found = messages.find(id, person);
  if (!found) return 'no-such-message';
  if (!directory.isMember(found.room, person)) return 'not-a-member';
  if (found.row.deleted) return 'message-deleted';
  return found.room.archived ? 'room-archived' : found;
};

export const reactionHandlers = (
  db: DatabaseSync,
  directory: Directory,
  messages: MessageStore,
): Pick<ClientHandlers, 'message.react'> => {
  const find = db.prepare('SELECT idx FROM reactions WHERE message = ? AND emoji = ? AND user = ?');
  const add = db.prepare('INSERT INTO reactions VALUES (?, ?, ?, ?)');
  const remove = db.prepare('DELETE FROM reactions WHERE message = ? AND emoji = ? AND idx = ?');
  const countOf = db.prepare('SELECT count FROM reaction_counts WHERE message = ? AND emoji = ?');
  const kinds = db.prepare('SELECT count(*) AS n FROM reaction_counts WHERE message = ?');
  const addCount = db.prepare('INSERT INTO reaction_counts VALUES (?, ?, 1, ?)');
  const setCount = db.prepare('UPDATE reaction_counts SET count = ? WHERE message = ? AND emoji = ?');
  const removeCount = db.prepare('DELETE FROM reaction_counts WHERE message = ? AND emoji = ?');

  return {
    'message.react': (turn, person, body) => {
      const found = attachable(directory, messages, body.message, person);
      if (typeof found === 'string') return refuse(found);
      const emoji = emojiOf(body.emoji);
      if (emoji === null) return refuse('emoji-invalid');
      const { row, room } = found;
      const before = find.get(row.key, emoji, person.num);
      if ((before !== undefined) === body.on) return done;
      const counted = Number(countOf.get(row.key, emoji)?.count ?? 0);
      const isNew = counted === 0;
      if (isNew && Number(kinds.get(row.key)?.n) >= limits.reactionsPerMessageMax) return refuse('too-many-reactions');

      const count = body.on ? counted + 1 : counted - 1;
      if (body.on) add.run(row.key, emoji, turn.index, person.num);
      else remove.run(row.key, emoji, Number(before?.idx));
      if (isNew) addCount.run(row.key, emoji, turn.index);
      else if (count > 0) setCount.run(count, row.key, emoji);
      else removeCount.run(row.key, emoji);
      const isAny = count > 0 || Number(kinds.get(row.key)?.n) > 0;
      if (((row.flags & has.reactions) !== 0) !== isAny) messages.mark(row.key, has.reactions, isAny);
      turn.tell(
        { to: 'room', room: room.id },
        { type: 'message.reacted', room: room.id, messageId: row.id, emoji, user: person.id, on: body.on, count },
      );
      return done;
    },
  };
};

export const pinHandlers = (
  db: DatabaseSync,
  directory: Directory,
  messages: MessageStore,
): Pick<ClientHandlers, 'message.pin'> => {
  const count = db.prepare('SELECT count(*) AS n FROM pins WHERE room = ?');
  const add = db.prepare('INSERT INTO pins VALUES (?, ?, ?, ?, ?)');
  const remove = db.prepare('DELETE FROM pins WHERE message = ?');

  return {
    'message.pin': (turn, person, body) => {
      const found = attachable(directory, messages, body.message, person);
      if (typeof found === 'string') return refuse(found);
      if (person.role === 'guest') return refuse('not-allowed');
      const { row, room } = found;
      if (((row.flags & has.pin) !== 0) === body.on) return done;
      if (body.on && Number(count.get(room.num)?.n) >= limits.pinsPerRoomMax) return refuse('too-many-pins');
      if (body.on) add.run(room.num, turn.index, row.key, person.id, turn.at);
      else remove.run(row.key);
      messages.mark(row.key, has.pin, body.on);
      turn.tell({ to: 'room', room: room.id }, { type: 'message.pinned', message: messages.told(found) });
      return done;
    },
  };
};
