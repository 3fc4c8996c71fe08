/** People, rooms and sessions, as the tables have them. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { limits, type Member, type NotifyLevel, type Role, type Room, type User } from '../../protocol/index.ts';
import { roomKey, userName } from '../machine/names.ts';
import { standardLevel } from '../machine/rooms.ts';
import { indexOfKey, messageKey } from '../schema.ts';

type Row = Record<string, SQLOutputValue>;

const toUser = (row: Row): User => ({
  id: String(row.id),
  name: String(row.name),
  role: row.role as Role,
  joinedAt: Number(row.joined_at),
  ...(row.about === '' ? {} : { about: String(row.about) }),
  ...(row.avatar === null ? {} : { avatar: String(row.avatar) }),
});

export interface DirectoryQueries {
  user(id: string): User | null;
  users(): readonly User[];
  session(tokenHash: string): { readonly user: User } | null;
  roomsOf(userId: string): readonly string[];
  rooms(userId: string): readonly Room[];
  room(ref: string, userId: string): Room | null;
  /** Who is in the room of this id, in the order they joined the workspace, and how far each has read. */
  members(roomId: string): readonly Member[];
  /** The person of this id or name, and the hash of their password. */
  passwordHash(nameOrId: string): { readonly user: User; readonly hash: string } | null;
  /** The id of the room of this number, when this person may read what is in it. */
  visibleRoom(num: number, userId: string): string | null;
  /** Whether this person may read what is in the room of this id. */
  maySee(roomId: string, userId: string): boolean;
}

export const openDirectoryQueries = (db: DatabaseSync): DirectoryQueries => {
  const userColumns = 'SELECT u.num, u.id, u.name, u.role, u.joined_at, u.about, u.avatar FROM users u';
  const userById = db.prepare(`${userColumns} WHERE u.id = ?`);
  const allUsers = db.prepare(`${userColumns} ORDER BY u.num`);
  const userByToken = db.prepare(`${userColumns} JOIN sessions s ON s.user = u.num WHERE s.token_hash = ?`);
  const roomIds = db.prepare(
    `SELECT r.id FROM users u JOIN members m ON m.user = u.num JOIN rooms r ON r.num = m.room
     WHERE u.id = ? ORDER BY r.num`,
  );
  const visible = `SELECT r.*, m.user, m.read_idx, m.notify FROM rooms r
    LEFT JOIN members m ON m.room = r.num AND m.user = ?1
    WHERE (r.access = 'open' OR m.user IS NOT NULL)`;
  const visibleRooms = db.prepare(
    `${visible} AND r.num IN (SELECT num FROM rooms WHERE access = 'open' UNION ALL SELECT room FROM members WHERE user = ?1)
     ORDER BY r.num`,
  );
  const visibleByNum = db.prepare(`${visible} AND r.num = ?2`);
  const visibleById = db.prepare(`${visible} AND r.id = ?2`);
  const visibleByName = db.prepare(`${visible} AND r.name_key = ?2`);
  const newest = db.prepare('SELECT max(key) AS key FROM messages WHERE key > ? AND key < ?');
  const unread = db.prepare(
    `SELECT count(*) AS n FROM (SELECT author, deleted FROM messages WHERE key > ? AND key < ? ORDER BY key LIMIT ?)
     WHERE author <> ? AND deleted = 0`,
  );

  const mentions = db.prepare(
    `SELECT count(DISTINCT message) AS n FROM (
       SELECT * FROM (SELECT message, author FROM mentions WHERE user = ?4 AND message > ?1 AND message < ?2 ORDER BY message LIMIT ?3)
       UNION ALL
       SELECT * FROM (SELECT message, author FROM mentions WHERE user = 0 AND message > ?1 AND message < ?2 ORDER BY message LIMIT ?3))
     WHERE author <> ?4`,
  );
  const members = db.prepare(
    `SELECT u.num, u.id, u.name, u.role, u.joined_at, u.about, u.avatar, m.read_idx
     FROM rooms r JOIN members m ON m.room = r.num JOIN users u ON u.num = m.user WHERE r.id = ? ORDER BY u.num`,
  );
  const passwordOf = db.prepare('SELECT password FROM users WHERE id = ?');
  const userByKey = db.prepare(`${userColumns} WHERE u.name_key = ?`);
  const userByNum = db.prepare('SELECT id FROM users WHERE num = ?');

  const idsOf = (people: string): string[] => people.split(',').map((num) => String(userByNum.get(Number(num))?.id));

  const toRoom = (row: Row, userNum: number): Room => {
    const num = Number(row.num);
    const joined = row.user !== null;
    const readIndex = joined ? Number(row.read_idx) : 0;
    const end = messageKey(num + 1, 0);
    const last = newest.get(messageKey(num, 0), end)?.key ?? 0;
    const read = messageKey(num, readIndex);
    const unreadCount = joined ? Number(unread.get(read, end, limits.unreadScanMax, userNum)?.n) : 0;
    // Most people are up to date in most of their rooms.
    const mentionCount = unreadCount > 0 ? Number(mentions.get(read, end, limits.unreadScanMax, userNum)?.n) : 0;
    const access = row.access as Room['access'];
    return {
      id: String(row.id),
      name: String(row.name),
      topic: String(row.topic),
      access,
      ...(row.archived === 0 ? {} : { archived: true }),
      ...(row.people === null ? {} : { with: idsOf(String(row.people)) }),
      createdBy: String(row.created_by),
      createdAt: Number(row.created_at),
      members: Number(row.members),
      joined,
      lastIndex: indexOfKey(Number(last)),
      readIndex,
      unread: Math.min(limits.unreadCountMax, unreadCount),
      mentions: Math.min(limits.unreadCountMax, mentionCount),
      notify: (row.notify ?? standardLevel(access)) as NotifyLevel,
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
    members: (roomId) => members.all(roomId).map((row) => ({ user: toUser(row), readIndex: Number(row.read_idx) })),
    passwordHash: (nameOrId) => {
      const key = userName(nameOrId)?.key;
      const row = userById.get(nameOrId) ?? (key === undefined ? undefined : userByKey.get(key));
      const hash = row && passwordOf.get(String(row.id))?.password;
      return row && typeof hash === 'string' ? { user: toUser(row), hash } : null;
    },
    visibleRoom: (num, userId) => {
      const row = visibleByNum.get(numOf(userId), num);
      return row ? String(row.id) : null;
    },
    maySee: (roomId, userId) => {
      const num = numOf(userId);
      return num !== 0 && visibleById.get(num, roomId) !== undefined;
    },
  };
};
