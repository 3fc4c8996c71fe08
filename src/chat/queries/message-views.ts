/**
 * Messages as people see them: the row, and what else there is of it (what it answers, its files, whom it mentions, who
 * reacted, its pin). What else there is stands in other tables and is looked for only where the row's flags say so, for a
 * whole page at once: a page costs the same however many messages there are.
 */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { type FileView, limits, type Message, type Quote, type Reaction } from '../../protocol/index.ts';
import { has, indexOfKey, roomOfKeyInSql } from '../schema.ts';
import { fileColumns, toFileRow, toFileView } from './file-rows.ts';

/** A row of `messages` with its author. */
export interface MessageRow {
  readonly key: number;
  readonly id: string;
  readonly at: number;
  readonly text: string;
  readonly editedAt: number | null;
  readonly deleted: boolean;
  readonly flags: number;
  readonly replyTo: number | null;
  /** The author's id. */
  readonly by: string;
  readonly name: string;
}

/** Selects what `toMessageRow` reads. */
export const messageColumns = `SELECT m.key, m.id, m.at, m.text, m.edited_at, m.deleted, m.flags, m.reply_to,
  u.id AS author, u.name FROM messages m JOIN users u ON u.num = m.author`;

type Row = Record<string, SQLOutputValue>;

export const toMessageRow = (row: Row): MessageRow => ({
  key: Number(row.key),
  id: String(row.id),
  at: Number(row.at),
  text: String(row.text),
  editedAt: row.edited_at === null ? null : Number(row.edited_at),
  deleted: row.deleted === 1,
  flags: Number(row.flags),
  replyTo: row.reply_to === null ? null : Number(row.reply_to),
  by: String(row.author),
  name: String(row.name),
});

/** A message without what else there is of it. `room` is the room's id. */
export const plainMessage = (row: MessageRow, room: string): Message => ({
  id: row.id,
  index: indexOfKey(row.key),
  room,
  text: row.text,
  by: row.by,
  name: row.name,
  at: row.at,
  ...(row.editedAt === null ? {} : { editedAt: row.editedAt }),
  ...(row.deleted ? { deleted: true } : {}),
});

/** The beginning of a text, not cut within a character. */
const beginningOf = (text: string): string => {
  if (text.length <= limits.quoteMaxChars) return text;
  return [...text.slice(0, 2 * limits.quoteMaxChars)].slice(0, limits.quoteMaxChars).join('');
};

const quoteOf = (row: MessageRow): Quote => ({
  id: row.id,
  index: indexOfKey(row.key),
  by: row.by,
  name: row.name,
  text: beginningOf(row.text),
  ...(row.deleted ? { deleted: true } : {}),
});

/** Numbers for `json_each`: one statement then asks for any number of keys. */
const listOf = (keys: readonly number[]): string => `[${keys.join(',')}]`;

const groups = <T>(rows: Iterable<Row>, toItem: (row: Row) => T): Map<number, T[]> => {
  const map = new Map<number, T[]>();
  for (const row of rows) {
    const key = Number(row.key);
    const list = map.get(key);
    if (list) list.push(toItem(row));
    else map.set(key, [toItem(row)]);
  }
  return map;
};

/** Reads who reacted to some messages. */
const openReactions = (db: DatabaseSync) => {
  const counts = db.prepare(
    `SELECT c.message AS key, c.emoji, c.count FROM json_each(?) k JOIN reaction_counts c ON c.message = k.value
     ORDER BY c.message, c.first_idx`,
  );
  const people = db.prepare(
    `SELECT u.id FROM reactions r JOIN users u ON u.num = r.user
     WHERE r.message = ? AND r.emoji = ? ORDER BY r.idx LIMIT ?`,
  );
  const own = db.prepare(
    'SELECT 1 FROM reactions WHERE message = ? AND emoji = ? AND user = (SELECT num FROM users WHERE id = ?)',
  );

  /** Ids of the first who did, the one who asks before all others when they did too. */
  const peopleOf = (key: number, emoji: string, count: number, viewer: string | undefined): string[] => {
    const ids = people.all(key, emoji, limits.reactionPeopleMax).map((row) => String(row.id));
    if (viewer === undefined) return ids;
    const isAmong = ids.includes(viewer);
    if (!isAmong && (count <= ids.length || !own.get(key, emoji, viewer))) return ids;
    return [viewer, ...ids.filter((id) => id !== viewer)].slice(0, limits.reactionPeopleMax);
  };

  return (keys: readonly number[], viewer: string | undefined): Map<number, Reaction[]> =>
    groups(counts.all(listOf(keys)), (row) => {
      const [emoji, count] = [String(row.emoji), Number(row.count)];
      return { emoji, count, by: peopleOf(Number(row.key), emoji, count, viewer) };
    });
};

/** What else there is of some messages. */
const openExtras = (db: DatabaseSync) => {
  const quoted = db.prepare(`${messageColumns} WHERE m.key IN (SELECT value FROM json_each(?))`);
  const files = db.prepare(
    `${fileColumns.replace('SELECT', 'SELECT x.key,')} JOIN file_uses x ON x.file = f.num
     WHERE x.key IN (SELECT value FROM json_each(?)) ORDER BY x.key, x.place`,
  );
  const mentions = db.prepare(
    `SELECT n.message AS key, u.id FROM json_each(?) k JOIN mentions n ON n.message = k.value
     LEFT JOIN users u ON u.num = n.user ORDER BY n.message, n.user`,
  );
  const pins = db.prepare('SELECT message AS key, by, at FROM pins WHERE message IN (SELECT value FROM json_each(?))');

  return {
    quotes: (rows: readonly MessageRow[]): Map<number, Quote> => {
      const keys = [...new Set(rows.flatMap(({ replyTo }) => (replyTo === null ? [] : [replyTo])))];
      const found = quoted.all(listOf(keys)).map(toMessageRow);
      return new Map(found.map((row) => [row.key, quoteOf(row)]));
    },
    files: (keys: readonly number[]): Map<number, FileView[]> =>
      groups(files.all(listOf(keys)), (row) => toFileView(toFileRow(row))),
    mentions: (keys: readonly number[]): Map<number, string[]> =>
      groups(mentions.all(listOf(keys)), (row) => (row.id === null ? 'room' : String(row.id))),
    pins: (keys: readonly number[]): Map<number, { by: string; at: number }[]> =>
      groups(pins.all(listOf(keys)), (row) => ({ by: String(row.by), at: Number(row.at) })),
  };
};

export interface MessageViews {
  /** Messages of one room, whole, in the order of their rows. `viewer` is who asks. */
  page(rows: readonly MessageRow[], room: string, viewer?: string): Message[];
  /** A message as events have it: without reactions. */
  told(row: MessageRow, room: string): Message;
  /** What a message that answers the one of this row says of it. */
  quote(row: MessageRow): Quote;
}

export const openMessageViews = (db: DatabaseSync): MessageViews => {
  const extras = openExtras(db);
  const reactions = openReactions(db);

  const view = (rows: readonly MessageRow[], room: string, withReactions: boolean, viewer?: string): Message[] => {
    let flags = 0;
    for (const row of rows) flags |= row.flags;
    if (flags === 0) return rows.map((row) => plainMessage(row, room));
    const keysWith = (flag: number): readonly number[] =>
      rows.filter((row) => (row.flags & flag) !== 0).map(({ key }) => key);
    const quotes = flags & has.reply ? extras.quotes(rows) : null;
    const files = flags & has.files ? extras.files(keysWith(has.files)) : null;
    const mentions = flags & has.mentions ? extras.mentions(keysWith(has.mentions)) : null;
    const pins = flags & has.pin ? extras.pins(keysWith(has.pin)) : null;
    const reacted = withReactions && flags & has.reactions ? reactions(keysWith(has.reactions), viewer) : null;

    return rows.map((row): Message => {
      const message = plainMessage(row, room);
      if (row.flags === 0) return message;
      const { key } = row;
      const replyTo = row.replyTo === null ? undefined : quotes?.get(row.replyTo);
      const [its, named, by, pin] = [files?.get(key), mentions?.get(key), reacted?.get(key), pins?.get(key)?.[0]];
      return {
        ...message,
        ...(replyTo ? { replyTo } : {}),
        ...(its ? { files: its } : {}),
        ...(named ? { mentions: named } : {}),
        ...(by ? { reactions: by } : {}),
        ...(pin ? { pinned: pin } : {}),
      };
    });
  };

  return {
    page: (rows, room, viewer) => view(rows, room, true, viewer),
    told: (row, room) => view([row], room, false)[0]!,
    quote: quoteOf,
  };
};

/** The room's id of a message with this alias, in SQL. */
export const roomIdInSql = (alias: string): string =>
  `(SELECT id FROM rooms WHERE num = ${roomOfKeyInSql(`${alias}.key`)})`;
