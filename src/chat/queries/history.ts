/** Messages: one, or a page of a room's history. A page costs the same however many messages there are. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { limits, type Message, type MessagePage } from '../../protocol/index.ts';
import { indexOfKey, messageKey } from '../schema.ts';

/** Which page: `after` ascends from an index, `before` descends from one, neither is the newest page. */
export interface PageQuery {
  readonly after?: number;
  readonly before?: number;
  /** Messages on the page, from 1 to `limits.pageMaxMessages`. */
  readonly limit: number;
}

const columns = `SELECT m.key, m.id, m.at, m.text, m.edited_at, m.deleted, u.id AS author, u.name
  FROM messages m JOIN users u ON u.num = m.author`;

const toMessage = (row: Record<string, SQLOutputValue>, room: string): Message => ({
  id: String(row.id),
  index: indexOfKey(Number(row.key)),
  room,
  text: String(row.text),
  by: String(row.author),
  name: String(row.name),
  at: Number(row.at),
  ...(row.edited_at === null ? {} : { editedAt: Number(row.edited_at) }),
  ...(row.deleted === 0 ? {} : { deleted: true }),
});

/** The message of this id, whoever may see it. */
export const findMessage = (db: DatabaseSync): ((id: string) => Message | null) => {
  const byId = db.prepare(`${columns} WHERE m.id = ?`);
  const roomId = db.prepare('SELECT r.id FROM messages m JOIN rooms r ON r.num = m.key >> 40 WHERE m.id = ?');
  return (id) => {
    const row = byId.get(id);
    return row ? toMessage(row, String(roomId.get(id)?.id)) : null;
  };
};

/** The message that is there, in the room of this number, at this index. */
export const findMessageAt = (db: DatabaseSync): ((room: number, index: number) => Message) => {
  const byKey = db.prepare(`${columns} WHERE m.key = ?`);
  const roomId = db.prepare('SELECT id FROM rooms WHERE num = ?');
  return (room, index) => {
    const row = byKey.get(messageKey(room, index));
    if (!row) throw new Error(`room ${room} has no message at index ${index}, though there is an event of one`);
    return toMessage(row, String(roomId.get(room)?.id));
  };
};

export interface History {
  message(id: string): Message | null;
  page(roomId: string, query: PageQuery): MessagePage;
}

const clamp = (value: number, low: number, high: number): number =>
  Number.isFinite(value) ? Math.min(Math.max(Math.trunc(value), low), high) : high;

export const openHistory = (db: DatabaseSync): History => {
  const roomNum = db.prepare('SELECT num FROM rooms WHERE id = ?');
  const ascending = db.prepare(`${columns} WHERE m.key > ? AND m.key < ? ORDER BY m.key LIMIT ?`);
  const descending = db.prepare(`${columns} WHERE m.key > ? AND m.key < ? ORDER BY m.key DESC LIMIT ?`);

  return {
    message: findMessage(db),
    page: (roomId, { after, before, limit }) => {
      const num = Number(roomNum.get(roomId)?.num ?? 0);
      if (num === 0) return { messages: [], next: null };
      const end = messageKey(1, 0) - 1;
      const low = messageKey(num, clamp(after ?? 0, 0, end));
      const high = messageKey(num, before === undefined ? end : clamp(before, 0, end));
      const count = clamp(limit, 1, limits.pageMaxMessages);
      // One more than asked for tells whether there is another page.
      const rows = (after === undefined ? descending : ascending).all(low, high, count + 1);
      const more = rows.length > count;
      const messages = rows.slice(0, count).map((row) => toMessage(row, roomId));
      const next = more ? messages.at(-1)!.index : null;
      if (after === undefined) messages.reverse();
      return { messages, next };
    },
  };
};
