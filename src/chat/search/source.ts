/** What search reads of the chat database: which messages came or changed, and what of them can be found. Reads only. */
import { DatabaseSync } from 'node:sqlite';
import type { AddressedEvent } from '../../protocol/index.ts';
import { has, indexOfKey, messageKey, roomOfKey } from '../schema.ts';
import { everybody, symbolOf, traitTokens } from './tables.ts';
import { tokensOf } from './words.ts';

/** A message as it goes into the index; `columns` is null when there is nothing of it to be found. */
export interface Doc {
  readonly index: number;
  readonly room: number;
  readonly at: number;
  readonly columns: {
    readonly text: string;
    readonly files: string;
    readonly room: string;
    readonly author: string;
    readonly mentions: string;
    readonly traits: string;
  } | null;
}

/** Some messages, and how far with them everything has been seen. */
export interface Slice {
  readonly docs: readonly Doc[];
  readonly upto: number;
}

export interface Source {
  /** The newest entry that the chat has. */
  position(): number;
  /** The messages that came or changed at some positions after `after`; null when that has been forgotten. */
  changes(after: number, positions: number): Slice | null;
  /** The next messages by their key; `upto` is the key of the last, or null when there are no more. */
  scan(after: number, count: number): { readonly docs: readonly Doc[]; readonly upto: number | null };
  /** What the message at this place says, and the names of its files. */
  searchable(room: number, index: number): string;
  /** The id of the message at this place, unless it is deleted or not there. */
  idAt(room: number, index: number): string | null;
  readonly db: DatabaseSync;
  close(): void;
}

/** For how long events are kept; see `outcomes.ts`. */
export interface EventsKept {
  readonly eventsKeptPositions: number;
  readonly stepPositions: number;
}

const linkPattern = /\bhttps?:\/\/\S|\bwww\.\S+\.\S/i;
const messageTypes: ReadonlySet<string> = new Set(['message.posted', 'message.edited', 'message.deleted']);

export const openSource = (path: string, kept: EventsKept): Source => {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  try {
    return readSource(db, kept);
  } catch (error) {
    db.close();
    throw error;
  }
};

const readSource = (db: DatabaseSync, { eventsKeptPositions, stepPositions }: EventsKept): Source => {
  const position = db.prepare('SELECT idx FROM position');
  const events = db.prepare('SELECT idx, room, json FROM events WHERE idx > ? AND idx <= ? ORDER BY idx');
  const columns = 'SELECT key, author, at, text, deleted, flags FROM messages';
  const byKey = db.prepare(`${columns} WHERE key = ?`);
  const inOrder = db.prepare(`${columns} WHERE key > ? ORDER BY key LIMIT ?`);
  const files = db.prepare(
    'SELECT f.name, f.type FROM file_uses u JOIN files f ON f.num = u.file WHERE u.key = ? ORDER BY u.place',
  );
  const mentions = db.prepare('SELECT user FROM mentions WHERE message = ? ORDER BY user');
  const roomById = db.prepare('SELECT num FROM rooms WHERE id = ?');
  const accessOf = db.prepare('SELECT access FROM rooms WHERE num = ?');
  const textAt = db.prepare('SELECT text FROM messages WHERE key = ?');
  const messageId = db.prepare('SELECT id FROM messages WHERE key = ? AND deleted = 0');

  // Rooms are not taken away, and stay open or closed for ever.
  const roomNums = new Map<string, number>();
  const openness = new Map<number, boolean>();
  const numOfRoom = (id: string): number => {
    const known = roomNums.get(id) ?? Number(roomById.get(id)?.num ?? 0);
    if (known !== 0) roomNums.set(id, known);
    return known;
  };
  const isOpen = (room: number): boolean => {
    const known = openness.get(room) ?? accessOf.get(room)?.access === 'open';
    openness.set(room, known);
    return known;
  };

  const toDoc = (row: NonNullable<ReturnType<typeof byKey.get>>): Doc => {
    const key = Number(row.key);
    const [index, room, flags] = [indexOfKey(key), roomOfKey(key), Number(row.flags)];
    const place = { index, room, at: Number(row.at) };
    if (row.deleted !== 0) return { ...place, columns: null };
    const text = String(row.text);
    const fileRows = (flags & has.files) === 0 ? [] : files.all(key);
    const mentionRows = (flags & has.mentions) === 0 ? [] : mentions.all(key);
    const traits: string[] = [isOpen(room) ? traitTokens.open : traitTokens.closed];
    if (fileRows.length > 0) traits.push(traitTokens.file);
    if (fileRows.some(({ type }) => String(type).startsWith('image/'))) traits.push(traitTokens.image);
    if (linkPattern.test(text)) traits.push(traitTokens.link);
    return {
      ...place,
      columns: {
        text: tokensOf(text),
        files: fileRows.map(({ name }) => tokensOf(String(name))).join(' '),
        room: symbolOf(room),
        author: symbolOf(Number(row.author)),
        mentions: mentionRows.map(({ user }) => (user === 0 ? everybody : symbolOf(Number(user)))).join(' '),
        traits: traits.join(' '),
      },
    };
  };

  /** Keys of the messages that one entry's events are of. */
  const keysIn = (index: number, room: number, json: string): number[] => {
    if (json === '') return [messageKey(room, index)];
    const told = JSON.parse(json) as readonly AddressedEvent[];
    return told.flatMap(({ event }) => {
      if (!messageTypes.has(event.type) || !('message' in event)) return [];
      return [messageKey(numOfRoom(event.message.room), event.message.index)];
    });
  };

  return {
    db,
    position: () => Number(position.get()?.idx),
    changes: (after, positions) => {
      // One transaction: what is kept, and what is there, are of one moment.
      db.exec('BEGIN');
      try {
        const newest = Number(position.get()?.idx);
        if (after < newest - (newest % stepPositions) - eventsKeptPositions) return null;
        const upto = Math.min(newest, after + positions);
        const keys = new Set<number>();
        for (const { idx, room, json } of events.iterate(after, upto)) {
          for (const key of keysIn(Number(idx), Number(room), String(json))) keys.add(key);
        }
        const rows = [...keys].sort((a, b) => indexOfKey(a) - indexOfKey(b)).map((key) => byKey.get(key));
        return { docs: rows.flatMap((row) => (row === undefined ? [] : [toDoc(row)])), upto };
      } finally {
        db.exec('COMMIT');
      }
    },
    scan: (after, count) => {
      const rows = inOrder.all(after, count);
      return { docs: rows.map(toDoc), upto: rows.length === 0 ? null : Number(rows.at(-1)?.key) };
    },
    searchable: (room, index) => {
      const key = messageKey(room, index);
      const names = files.all(key).map(({ name }) => String(name));
      return [String(textAt.get(key)?.text ?? ''), ...names].join(' ');
    },
    idAt: (room, index) => {
      const id = messageId.get(messageKey(room, index))?.id;
      return id === undefined ? null : String(id);
    },
    close: () => db.close(),
  };
};
