/** The messages in their table, for the handlers that change them: found with their room, written with what is theirs. */
import type { DatabaseSync } from 'node:sqlite';
import type { Message } from '../../protocol/index.ts';
import { findMessageRow } from '../queries/history.ts';
import { type MessageRow, openMessageViews } from '../queries/message-views.ts';
import { has, roomOfKey } from '../schema.ts';
import type { Directory, Person, RoomRecord } from './directory.ts';

/** A message that a person may know of. */
export interface Found {
  readonly row: MessageRow;
  readonly room: RoomRecord;
}

export interface MessageStore {
  /** The message of this id, when its room is not closed to the person. */
  find(id: string, person: Person): Found | null;
  insert(message: NewMessage): void;
  /** Sets or clears a bit of what else there is of a message. */
  mark(key: number, flag: number, isThere: boolean): void;
  /** The message as events tell it, as it is now. */
  told(found: Found): Message;
  /** Replaces whom a message mentions. */
  setMentions(key: number, author: number, mentioned: readonly number[]): void;
}

export interface NewMessage {
  readonly key: number;
  readonly id: string;
  readonly author: number;
  readonly at: number;
  readonly text: string;
  readonly flags: number;
  readonly replyTo: number | null;
}

export const openMessageStore = (db: DatabaseSync, directory: Directory): MessageStore => {
  const insert = db.prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?, NULL, 0, ?, ?)');
  const setFlag = db.prepare('UPDATE messages SET flags = flags | ? WHERE key = ?');
  const clearFlag = db.prepare('UPDATE messages SET flags = flags & ~? WHERE key = ?');
  const byKey = db.prepare('SELECT id FROM messages WHERE key = ?');
  const addMention = db.prepare('INSERT INTO mentions VALUES (?, ?, ?)');
  const removeMentions = db.prepare('DELETE FROM mentions WHERE message = ?');
  const findRow = findMessageRow(db);
  const views = openMessageViews(db);

  const mark = (key: number, flag: number, isThere: boolean): void => {
    (isThere ? setFlag : clearFlag).run(flag, key);
  };

  return {
    find: (id, person) => {
      const row = findRow(id);
      const room = row && directory.roomOfNum(roomOfKey(row.key));
      return row && room && directory.maySee(room, person) ? { row, room } : null;
    },
    insert: ({ key, id, author, at, text, flags, replyTo }) => {
      insert.run(key, id, author, at, text, flags, replyTo);
    },
    mark,
    told: ({ row, room }) => views.told(findRow(String(byKey.get(row.key)?.id))!, room.id),
    setMentions: (key, author, mentioned) => {
      removeMentions.run(key);
      for (const num of mentioned) addMention.run(key, num, author);
      mark(key, has.mentions, mentioned.length > 0);
    },
  };
};
