/** People, rooms and sessions, as the tables have them. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { limits, type Role, type Room, type User } from '../../protocol/index.ts';
import { roomKey } from '../machine/names.ts';
import { indexOfKey, messageKey } from '../schema.ts';

type Row = Record<string, SQLOutputValue>;

const toUser = (row: Row): User => ({
  id: String(row.id),
  name: String(row.name),
  role: row.role as Role,
  joinedAt: Number(row.joined_at),
});

export interface DirectoryQueries {
  user(id: string): User | null;
  users(): readonly User[];
  session(tokenHash: string): { readonly user: User } | null;
  roomsOf(userId: string): readonly string[];
  rooms(userId: string): readonly Room[];
  room(ref: string, userId: string): Room | null;
  /** Whether this person may read what is in the room of this id. */
  maySee(roomId: string, userId: string): boolean;
}

export const openDirectoryQueries = (db: DatabaseSync): DirectoryQueries => {
  const userColumns = 'SELECT u.num, u.id, u.name, u.role, u.joined_at FROM users u';
  const userById = db.prepare(`${userColumns} WHERE u.id = ?`);
  const allUsers = db.prepare(`${userColumns} ORDER BY u.num`);
  const userByToken = db.prepare(`${userColumns} JOIN sessions s ON s.user = u.num WHERE s.token_hash = ?`);
  const roomIds = db.prepare(
    `SELECT r.id FROM users u JOIN members m ON m.user = u.num JOIN rooms r ON r.num = m.room
     WHERE u.id = ? ORDER BY r.num`,
  );
  const visible = `SELECT r.*, m.user, m.read_idx FROM rooms r
    LEFT JOIN members m ON m.room = r.num AND m.user = ?1
    WHERE (r.access = 'open' OR m.user IS NOT NULL)`;
  const visibleRooms = db.prepare(`${visible} ORDER BY r.num`);
  const visibleById = db.prepare(`${visible} AND r.id = ?2`);
  const visibleByName = db.prepare(`${visible} AND r.name_key = ?2`);
  const newest = db.prepare('SELECT max(key) AS key FROM messages WHERE key > ? AND key < ?');
  const unread = db.prepare(
    `SELECT count(*) AS n FROM (SELECT author, deleted FROM messages WHERE key > ? AND key < ? ORDER BY key LIMIT ?)
     WHERE author <> ? AND deleted = 0`,
  );

  const toRoom = (row: Row, userNum: number): Room => {
    const num = Number(row.num);
    const joined = row.user !== null;
    const readIndex = joined ? Number(row.read_idx) : 0;
    const end = messageKey(num + 1, 0);
    const last = newest.get(messageKey(num, 0), end)?.key ?? 0;
    const count = () => Number(unread.get(messageKey(num, readIndex), end, limits.unreadScanMax, userNum)?.n);
    return {
      id: String(row.id),
      name: String(row.name),
      topic: String(row.topic),
      access: row.access as Room['access'],
      createdBy: String(row.created_by),
      createdAt: Number(row.created_at),
      members: Number(row.members),
      joined,
      lastIndex: indexOfKey(Number(last)),
      readIndex,
      unread: joined ? Math.min(limits.unreadCountMax, count()) : 0,
    };
  };

  const numOf = (userId: string): number => Number(userById.get(userId)?.num ?? 0);

  const findVisible = (ref: string, num: number): Row | undefined =>
    num === 0 ? undefined : (visibleById.get(num, ref) ?? visibleByName.get(num, roomKey(ref)));

  return {
    user: (id) => {
      const row = userById.get(id);
      return row ? toUser(row) : null;
    },
    users: () => allUsers.all().map(toUser),
    session: (tokenHash) => {
      const row = userByToken.get(tokenHash);
      return row ? { user: toUser(row) } : null;
    },
    roomsOf: (userId) => roomIds.all(userId).map((row) => String(row.id)),
    rooms: (userId) => {
      const num = numOf(userId);
      return num === 0 ? [] : visibleRooms.all(num).map((row) => toRoom(row, num));
    },
    room: (ref, userId) => {
      const num = numOf(userId);
      const row = findVisible(ref, num);
      return row ? toRoom(row, num) : null;
    },
    maySee: (roomId, userId) => {
      const num = numOf(userId);
      return num !== 0 && visibleById.get(num, roomId) !== undefined;
    },
  };
};
