/** Messages: posted by members, edited by their author, deleted by their author or whoever keeps order. */
import type { DatabaseSync } from 'node:sqlite';
import { type ErrorCode, type FileView, limits, type Message } from '../../protocol/index.ts';
import { openMessageViews } from '../queries/message-views.ts';
import { has, messageKey } from '../schema.ts';
import type { Directory } from './directory.ts';
import { type EventStore, postedEvent } from './event-store.ts';
import type { Files } from './files.ts';
import type { ClientHandlers } from './handler-types.ts';
import { everybody, mentionsIn } from './mentions.ts';
import type { Found, MessageStore } from './message-store.ts';
import { storable } from './storable.ts';
import { done, refuse, type Turn } from './turn.ts';

type Kinds = 'message.post' | 'message.edit' | 'message.delete';

export const messageHandlers = (
  db: DatabaseSync,
  directory: Directory,
  events: EventStore,
  messages: MessageStore,
  files: Files,
): Pick<ClientHandlers, Kinds> => {
  const edit = db.prepare('UPDATE messages SET text = ?, edited_at = ? WHERE key = ?');
  const empty = db.prepare(
    "UPDATE messages SET text = '', edited_at = NULL, deleted = 1, flags = 0, reply_to = NULL WHERE key = ?",
  );
  const addWording = db.prepare('INSERT INTO wordings VALUES (?, ?, ?, ?)');
  const forgetWordings = db.prepare(
    `DELETE FROM wordings WHERE message = ?1 AND idx <=
     (SELECT idx FROM wordings WHERE message = ?1 ORDER BY idx DESC LIMIT 1 OFFSET ?2)`,
  );
  const cleared = ['mentions', 'reactions', 'reaction_counts', 'pins', 'wordings'].map((table) =>
    db.prepare(`DELETE FROM ${table} WHERE message = ?`),
  );
  const views = openMessageViews(db);

  const mentionNames = (mentioned: readonly number[]): string[] =>
    mentioned.map((num) => (num === everybody ? 'room' : directory.personOfNum(num).id));

  const keepWording = (turn: Turn, { row }: Found): void => {
    addWording.run(row.key, turn.index, row.text, row.editedAt ?? row.at);
    forgetWordings.run(row.key, limits.wordingsKeptMax);
    if ((row.flags & has.wordings) === 0) messages.mark(row.key, has.wordings, true);
  };

  return {
    'message.post': (turn, person, body) => {
      const room = directory.roomFor(body.room, person);
      if (!room) return refuse('no-such-room');
      if (!directory.isMember(room, person)) return refuse('not-a-member');
      if (room.archived) return refuse('room-archived');
      const ids = body.files ?? [];
      const text = storable(body.text);
      if (text.trim() === '' && ids.length === 0) return refuse('text-empty');
      const answered = body.replyTo === undefined ? null : messages.find(body.replyTo, person);
      if (body.replyTo !== undefined && answered?.room !== room) return refuse('no-such-message');
      if (answered?.row.deleted) return refuse('message-deleted');
      const used: readonly FileView[] | ErrorCode = ids.length === 0 ? [] : files.filesForMessage(turn, person, ids);
      if (typeof used === 'string') return refuse(used);

      const mentioned = mentionsIn(directory, room, text);
      const key = messageKey(room.num, turn.index);
      const flags =
        (answered ? has.reply : 0) | (used.length > 0 ? has.files : 0) | (mentioned.length > 0 ? has.mentions : 0);
      const { index, at, id } = turn;
      messages.insert({ key, id, author: person.num, at, text, flags, replyTo: answered?.row.key ?? null });
      if (mentioned.length > 0) messages.setMentions(key, person.num, mentioned);
      if (ids.length > 0) files.attachFiles(key, ids);
      const plain: Message = { id, index, room: room.id, text, by: person.id, name: person.name, at };
      const message: Message =
        flags === 0
          ? plain
          : {
              ...plain,
              ...(answered ? { replyTo: views.quote(answered.row) } : {}),
              ...(used.length > 0 ? { files: [...used] } : {}),
              ...(mentioned.length > 0 ? { mentions: mentionNames(mentioned) } : {}),
            };
      turn.events.push(postedEvent(message));
      return done;
    },

    'message.edit': (turn, person, body) => {
      const found = messages.find(body.message, person);
      if (!found) return refuse('no-such-message');
      const { row, room } = found;
      if (row.by !== person.id) return refuse('not-the-author');
      if (row.deleted) return refuse('message-deleted');
      if (!directory.isMember(room, person)) return refuse('not-a-member');
      if (room.archived) return refuse('room-archived');
      const text = storable(body.text);
      if (text.trim() === '' && (row.flags & has.files) === 0) return refuse('text-empty');
      events.freeze(row.key);
      if (text !== row.text) keepWording(turn, found);
      edit.run(text, turn.at, row.key);
      const mentioned = mentionsIn(directory, room, text);
      if (mentioned.length > 0 || row.flags & has.mentions) messages.setMentions(row.key, person.num, mentioned);
      turn.tell({ to: 'room', room: room.id }, { type: 'message.edited', message: messages.told(found) });
      return done;
    },

    'message.delete': (turn, person, body) => {
      const found = messages.find(body.message, person);
      if (!found) return refuse('no-such-message');
      const { row, room } = found;
      const keepsOrder = person.role === 'owner' || person.role === 'admin';
      if (row.by !== person.id && !keepsOrder) return refuse('not-the-author');
      if (row.deleted) return refuse('message-deleted');
      events.freeze(row.key);
      if (row.flags & has.files) files.freeFilesOf(turn, row.key);
      if (row.flags !== 0) for (const statement of cleared) statement.run(row.key);
      empty.run(row.key);
      turn.tell({ to: 'room', room: room.id }, { type: 'message.deleted', message: messages.told(found) });
      return done;
    },
  };
};
