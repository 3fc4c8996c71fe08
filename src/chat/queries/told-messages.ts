/** Plain messages as they were told when they were posted: under the name that their author had then. */
import type { DatabaseSync } from 'node:sqlite';
import type { Message } from '../../protocol/index.ts';
import { messageKey } from '../schema.ts';
import { messageColumns, plainMessage, toMessageRow } from './message-views.ts';

/** Reads the message that is there, in the room of this number, at this index, and whose text has not changed since. */
export const openToldMessages = (db: DatabaseSync): ((room: number, index: number) => Message) => {
  const byKey = db.prepare(`${messageColumns} WHERE m.key = ?`);
  const roomId = db.prepare('SELECT id FROM rooms WHERE num = ?');
  const pastName = db.prepare(
    `SELECT p.name FROM past_names p JOIN users u ON u.num = p.user
     WHERE u.id = ? AND p.until > ? ORDER BY p.until LIMIT 1`,
  );
  return (room, index) => {
    const row = byKey.get(messageKey(room, index));
    if (!row) throw new Error(`room ${room} has no message at index ${index}, though there is an event of one`);
    const message = plainMessage(toMessageRow(row), String(roomId.get(room)?.id));
    const name = pastName.get(message.by, index)?.name;
    return name === undefined ? message : { ...message, name: String(name) };
  };
};
