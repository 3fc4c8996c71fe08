/** Whom and which rooms the names in a query mean, for the person who asks; and what this person may see. */
import type { DatabaseSync } from 'node:sqlite';
import { EstafetError, limits } from '../../protocol/index.ts';
import { roomKey, userName } from '../machine/names.ts';
import type { Condition, SearchQuery } from './query.ts';
import { wordsOf } from './words.ts';

/** Numbers that the names in the conditions mean, in the conditions' order; empty for those without a name. */
export interface Asker {
  readonly user: number;
  readonly numbers: readonly (readonly number[])[];
  /** The rooms that are not open and that they are in. */
  readonly own: readonly number[];
  /** Whether there are rooms that they may not see. */
  readonly someHidden: boolean;
  maySee(room: number): boolean;
}

export type Resolve = (query: SearchQuery, userId: string) => Asker;

const refuse = (source: string, why: string): EstafetError => new EstafetError('bad-query', `${source}: ${why}`);

/** Whether a name has the words, the last of them begun. */
const hasWords = (name: string, wanted: readonly string[]): boolean => {
  const words = wordsOf(name).map(({ token }) => token);
  return words.some((_, at) =>
    wanted.every((token, place) => {
      const word = words[at + place];
      return place === wanted.length - 1 ? word?.startsWith(token) === true : word === token;
    }),
  );
};

export const openResolve = (db: DatabaseSync): Resolve => {
  const userById = db.prepare('SELECT num FROM users WHERE id = ?');
  const userByKey = db.prepare('SELECT num FROM users WHERE name_key = ?');
  const names = db.prepare('SELECT num, name FROM users ORDER BY num');
  const roomById = db.prepare('SELECT num, access FROM rooms WHERE id = ?');
  const roomByKey = db.prepare('SELECT num, access FROM rooms WHERE name_key = ?');
  const conversation = db.prepare('SELECT num FROM rooms WHERE people = ?');
  const member = db.prepare('SELECT 1 FROM members WHERE room = ? AND user = ?');
  const ownRooms = db.prepare(
    "SELECT r.num FROM members m JOIN rooms r ON r.num = m.room WHERE m.user = ? AND r.access <> 'open' ORDER BY r.num",
  );
  const closedRooms = db.prepare("SELECT count(*) AS n FROM rooms WHERE access <> 'open'");
  const openRooms = db.prepare("SELECT num FROM rooms WHERE access = 'open'");

  const people = (source: string, name: string, asker: number): readonly number[] => {
    const shown = name.replace(/^@/, '');
    if (shown.toLowerCase() === 'me') return [asker];
    const exact = userById.get(shown) ?? userByKey.get(userName(shown)?.key ?? '');
    if (exact) return [Number(exact.num)];
    const wanted = wordsOf(shown).map(({ token }) => token);
    const found: number[] = [];
    for (const row of wanted.length === 0 ? [] : names.iterate()) {
      if (hasWords(String(row.name), wanted)) found.push(Number(row.num));
      if (found.length === limits.searchNamesMax) break;
    }
    if (found.length === 0) throw refuse(source, 'there is nobody of this name here.');
    return found;
  };

  const rooms = (source: string, name: string, asker: number): readonly number[] => {
    if (name.startsWith('@')) {
      const found = people(source, name, asker).flatMap((other) => {
        const row = conversation.get([...new Set([asker, other])].sort((a, b) => a - b).join(','));
        return row ? [Number(row.num)] : [];
      });
      if (found.length === 0) throw refuse(source, 'there is no conversation of you two.');
      return found;
    }
    const shown = name.replace(/^#/, '');
    const row = roomById.get(shown) ?? roomByKey.get(roomKey(shown));
    const isTheirs = row && (row.access === 'open' || member.get(Number(row.num), asker) !== undefined);
    if (!row || !isTheirs) throw refuse(source, 'there is no such room, or it is closed to you.');
    return [Number(row.num)];
  };

  const numbersOf = (condition: Condition, asker: number): readonly number[] => {
    if (condition.kind === 'in') return rooms(condition.source, condition.name, asker);
    const isName = condition.kind === 'from' || condition.kind === 'to';
    return isName ? people(condition.source, condition.name, asker) : [];
  };

  return (query, userId) => {
    const user = Number(userById.get(userId)?.num ?? 0);
    if (user === 0) throw new EstafetError('no-such-user');
    const own = ownRooms.all(user).map(({ num }) => Number(num));
    const visible = new Set(own);
    for (const { num } of openRooms.iterate()) visible.add(Number(num));
    return {
      user,
      numbers: query.conditions.map((condition) => numbersOf(condition, user)),
      own,
      someHidden: Number(closedRooms.get()?.n) > own.length,
      maySee: (room) => visible.has(room),
    };
  };
};
