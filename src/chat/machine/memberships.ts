/**
 * Who is in which room, as the tables have it, and lately asked about in memory. Says nothing to anybody: that is for
 * `directory.ts`, through which everything here is reached.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { limits } from '../../protocol/index.ts';

/** Above the number of any person. */
const personNumbers = 2 ** 20;

/** Rooms and people are named by their numbers. */
export class Memberships {
  readonly #db: DatabaseSync;
  readonly #known = new Map<number, boolean>();
  readonly #counts = new Map<number, number>();
  readonly #insert: StatementSync;
  readonly #delete: StatementSync;
  readonly #insertPast: StatementSync;
  readonly #saveCount: StatementSync;
  readonly #find: StatementSync;
  readonly #roomsOf: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#insert = db.prepare('INSERT INTO members (room, user, since, read_idx) VALUES (?, ?, ?, ?)');
    this.#delete = db.prepare('DELETE FROM members WHERE room = ? AND user = ? RETURNING since');
    this.#insertPast = db.prepare('INSERT INTO past_members (user, until, room, since) VALUES (?, ?, ?, ?)');
    this.#saveCount = db.prepare('UPDATE rooms SET members = ? WHERE num = ?');
    this.#find = db.prepare('SELECT 1 FROM members WHERE room = ? AND user = ?');
    this.#roomsOf = db.prepare('SELECT room FROM members WHERE user = ? ORDER BY room');
  }

  /** Reads everything from the tables again. */
  reload(): void {
    this.#known.clear();
    this.#counts.clear();
    for (const { num, members } of this.#db.prepare('SELECT num, members FROM rooms').iterate()) {
      this.#counts.set(Number(num), Number(members));
    }
  }

  /** How many people are in a room. */
  count(room: number): number {
    return this.#counts.get(room) ?? 0;
  }

  has(room: number, person: number): boolean {
    const key = room * personNumbers + person;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#known.size >= limits.membershipCacheMax) this.#known.clear();
    const isMember = this.#find.get(room, person) !== undefined;
    this.#known.set(key, isMember);
    return isMember;
  }

  /** Numbers of the rooms that a person is in, ascending. */
  roomsOf(person: number): readonly number[] {
    return this.#roomsOf.all(person).map(({ room }) => Number(room));
  }

  /** Adds who is not there, at this index. What was said before counts as read. */
  add(room: number, person: number, index: number): void {
    this.#insert.run(room, person, index, index);
    this.#move(room, person, 1);
  }

  /** Removes who is there, at this index. */
  remove(room: number, person: number, index: number): void {
    const row = this.#delete.get(room, person);
    this.#insertPast.run(person, index, room, Number(row?.since));
    this.#move(room, person, -1);
  }

  #move(room: number, person: number, by: number): void {
    const count = this.count(room) + by;
    this.#saveCount.run(count, room);
    this.#counts.set(room, count);
    this.#known.delete(room * personNumbers + person);
  }
}
