/** Messages: posted by members, edited by their author, deleted by their author or whoever keeps order. */
import type { DatabaseSync } from 'node:sqlite';
import type { Message } from '../../protocol/index.ts';
import { findMessage } from '../queries/history.ts';
import { messageKey } from '../schema.ts';
import type { Directory } from './directory.ts';
import { type EventStore, postedEvent } from './event-store.ts';
import type { ClientHandlers } from './handler-types.ts';
import { storable } from './storable.ts';
import { done, refuse } from './turn.ts';

type Kinds = 'message.post' | 'message.edit' | 'message.delete';

export const messageHandlers = (
  db: DatabaseSync,
  directory: Directory,
  events: EventStore,
): Pick<ClientHandlers, Kinds> => {
  const insert = db.prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?, NULL, 0)');
  const edit = db.prepare('UPDATE messages SET text = ?, edited_at = ? WHERE id = ?');
  const remove = db.prepare("UPDATE messages SET text = '', edited_at = NULL, deleted = 1 WHERE id = ?");
  const find = findMessage(db);

  return {
    'message.post': (turn, person, body) => {
      const room = directory.roomFor(body.room, person);
      if (!room) return refuse('no-such-room');
      if (!directory.isMember(room, person)) return refuse('not-a-member');
      const text = storable(body.text);
      if (text.trim() === '') return refuse('text-empty');
      insert.run(messageKey(room.num, turn.index), turn.id, person.num, turn.at, text);
      const { index, at, id } = turn;
      const message: Message = { id, index, room: room.id, text, by: person.id, name: person.name, at };
      turn.events.push(postedEvent(message));
      return done;
    },

    'message.edit': (turn, person, body) => {
      const message = find(body.message);
      const room = message && directory.roomFor(message.room, person);
      if (!message || !room) return refuse('no-such-message');
      if (message.by !== person.id) return refuse('not-the-author');
      if (message.deleted) return refuse('message-deleted');
      if (!directory.isMember(room, person)) return refuse('not-a-member');
      const text = storable(body.text);
      if (text.trim() === '') return refuse('text-empty');
      events.freeze(message);
      edit.run(text, turn.at, message.id);
      const edited: Message = { ...message, text, editedAt: turn.at };
      turn.tell({ to: 'room', room: room.id }, { type: 'message.edited', message: edited });
      return done;
    },

    'message.delete': (turn, person, body) => {
      const message = find(body.message);
      const room = message && directory.roomFor(message.room, person);
      if (!message || !room) return refuse('no-such-message');
      const keepsOrder = person.role === 'owner' || person.role === 'admin';
      if (message.by !== person.id && !keepsOrder) return refuse('not-the-author');
      if (message.deleted) return refuse('message-deleted');
      events.freeze(message);
      remove.run(message.id);
      const { editedAt: _, ...rest } = message;
      const deleted: Message = { ...rest, text: '', deleted: true };
      turn.tell({ to: 'room', room: room.id }, { type: 'message.deleted', message: deleted });
      return done;
    },
  };
};
