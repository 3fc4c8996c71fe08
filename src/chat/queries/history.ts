/** Messages: one, or a page of a room's history. A page costs the same however many messages there are. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { limits, type Message, type MessagePage, type Wording } from '../../protocol/index.ts';
import { indexOfKey, messageKey } from '../schema.ts';
import { type MessageRow, type MessageViews, messageColumns, openMessageViews, toMessageRow } from './message-views.ts';

/** Which page: `after` ascends from an index, `before` descends from one, `around` surrounds one, none is the newest. */
export interface PageQuery {
  readonly after?: number;
  readonly before?: number;
  readonly around?: number;
  /** Messages on the page, from 1 to `limits.pageMaxMessages`. */
  readonly limit: number;
}

/** Finds the row of the message of this id, whoever may see it. Its room's number is in its key. */
export const findMessageRow = (db: DatabaseSync): ((id: string) => MessageRow | null) => {
  const byId = db.prepare(`${messageColumns} WHERE m.id = ?`);
  return (id) => {
    const row = byId.get(id);
    return row ? toMessageRow(row) : null;
  };
};

export interface History {
  /** The row of a message; its room is in its key. */
  row(id: string): MessageRow | null;
  /** A whole message. `room` is the id of its room, `viewer` who asks. */
  view(row: MessageRow, room: string, viewer?: string): Message;
  page(roomId: string, query: PageQuery, viewer?: string): MessagePage;
  /** What a message said before, the oldest first. */
  wordings(row: MessageRow): readonly Wording[];
  /** A room's pinned messages, the newest pin first. */
  pins(roomId: string, viewer?: string): readonly Message[];
  /** The newest answers to a message, in their order. */
  replies(row: MessageRow, room: string, viewer?: string): readonly Message[];
}

const clamp = (value: number, low: number, high: number): number =>
  Number.isFinite(value) ? Math.min(Math.max(Math.trunc(value), low), high) : high;

/** The greatest index that a key has room for. */
const end = messageKey(1, 0) - 1;

const openPages = (db: DatabaseSync, views: MessageViews) => {
  const ascending = db.prepare(`${messageColumns} WHERE m.key > ? AND m.key < ? ORDER BY m.key LIMIT ?`);
  const descending = db.prepare(`${messageColumns} WHERE m.key > ? AND m.key < ? ORDER BY m.key DESC LIMIT ?`);

  /** Rows in the order of the statement, and the index to go on from: one row more tells whether there are more. */
  const take = (statement: StatementSync, low: number, high: number, count: number) => {
    const rows = statement.all(low, high, count + 1).map(toMessageRow);
    const more = rows.length > count;
    if (more) rows.pop();
    return { rows, next: more ? indexOfKey(rows.at(-1)!.key) : null };
  };

  return (num: number, room: string, query: PageQuery, viewer?: string): MessagePage => {
    const { after, before, around } = query;
    const count = clamp(query.limit, 1, limits.pageMaxMessages);
    const [first, last] = [messageKey(num, 0), messageKey(num, end)];
    if (around !== undefined) {
      const middle = messageKey(num, clamp(around, 0, end));
      const half = Math.max(1, count / 2);
      const newer = take(ascending, middle - 1, last, Math.ceil(half));
      const older = take(descending, first, middle, Math.floor(half));
      const messages = views.page([...older.rows.reverse(), ...newer.rows], room, viewer);
      return { messages, next: older.next, newer: newer.next };
    }
    const low = messageKey(num, clamp(after ?? 0, 0, end));
    const high = before === undefined ? last : messageKey(num, clamp(before, 0, end));
    const { rows, next } = take(after === undefined ? descending : ascending, low, high, count);
    if (after === undefined) rows.reverse();
    return { messages: views.page(rows, room, viewer), next };
  };
};

export const openHistory = (db: DatabaseSync): History => {
  const views = openMessageViews(db);
  const pageOf = openPages(db, views);
  const roomNum = db.prepare('SELECT num FROM rooms WHERE id = ?');
  const wordings = db.prepare('SELECT text, at FROM wordings WHERE message = ? ORDER BY idx');
  const pinned = db.prepare(
    `${messageColumns} JOIN pins p ON p.message = m.key WHERE p.room = ? ORDER BY p.idx DESC LIMIT ?`,
  );
  const replies = db.prepare(`${messageColumns} WHERE m.reply_to = ? ORDER BY m.key DESC LIMIT ?`);
  const numOf = (roomId: string): number => Number(roomNum.get(roomId)?.num ?? 0);

  return {
    row: findMessageRow(db),
    view: (row, room, viewer) => views.page([row], room, viewer)[0]!,
    page: (roomId, query, viewer) => {
      const num = numOf(roomId);
      return num === 0 ? { messages: [], next: null } : pageOf(num, roomId, query, viewer);
    },
    wordings: ({ key }) => wordings.all(key).map(({ text, at }) => ({ text: String(text), at: Number(at) })),
    pins: (roomId, viewer) => {
      const rows = pinned.all(numOf(roomId), limits.pinsPerRoomMax).map(toMessageRow);
      return views.page(rows, roomId, viewer);
    },
    replies: ({ key }, room, viewer) => {
      const rows = replies.all(key, limits.pageMaxMessages).map(toMessageRow);
      return views.page(rows.reverse(), room, viewer);
    },
  };
};
