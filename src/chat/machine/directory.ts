/**
 * People, rooms and who is in which: the part of the state that nearly every command looks at. Kept in memory as well as
 * in the tables (both are small, by `limits.usersMax` and `limits.roomsMax`), and written to both in the same turn.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { generalRoom, limits, type Role, type Room, type RoomFacts, type User } from '../../protocol/index.ts';
import { type Name, roomKey } from './names.ts';
import type { Turn } from './turn.ts';

export interface Person extends User {
  readonly num: number;
}

export interface RoomRecord extends RoomFacts {
  readonly num: number;
}

/** What others get to see of a person. */
export const userOf = ({ id, name, role, joinedAt }: Person): User => ({ id, name, role, joinedAt });

/** What an event says of a room. */
export const factsOf = ({ id, name, topic, access, createdBy, createdAt }: RoomRecord): RoomFacts => ({
  id,
  name,
  topic,
  access,
  createdBy,
  createdAt,
});

/** Above the number of any person. */
const personNumbers = 2 ** 20;

export class Directory {
  readonly #db: DatabaseSync;
  /** Whether a person is in a room, by both numbers; for those asked about lately. */
  readonly #membership = new Map<number, boolean>();
  readonly #people = new Map<string, Person>();
  readonly #peopleByName = new Map<string, Person>();
  readonly #rooms = new Map<string, RoomRecord>();
  readonly #roomsByName = new Map<string, RoomRecord>();
  readonly #insertUser: StatementSync;
  readonly #updateRole: StatementSync;
  readonly #insertRoom: StatementSync;
  readonly #insertMember: StatementSync;
  readonly #deleteMember: StatementSync;
  readonly #insertPast: StatementSync;
  readonly #countMembers: StatementSync;
  readonly #member: StatementSync;
  readonly #closedRoomsOf: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#insertUser = db.prepare('INSERT INTO users VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.#updateRole = db.prepare('UPDATE users SET role = ? WHERE num = ?');
    this.#insertRoom = db.prepare('INSERT INTO rooms VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)');
    this.#insertMember = db.prepare('INSERT INTO members VALUES (?, ?, ?, ?)');
    this.#deleteMember = db.prepare('DELETE FROM members WHERE room = ? AND user = ? RETURNING since');
    this.#insertPast = db.prepare('INSERT INTO past_members (user, until, room, since) VALUES (?, ?, ?, ?)');
    this.#countMembers = db.prepare('UPDATE rooms SET members = members + ? WHERE num = ?');
    this.#member = db.prepare('SELECT since FROM members WHERE room = ? AND user = ?');
    this.#closedRoomsOf = db.prepare(
      `SELECT r.id FROM members m JOIN rooms r ON r.num = m.room
       WHERE m.user = ? AND r.access = 'closed' ORDER BY r.num`,
    );
    this.reload();
  }

  /** Reads everything from the tables again: at the start, and after a transaction was rolled back. */
  reload(): void {
    this.#membership.clear();
    for (const map of [this.#people, this.#peopleByName, this.#rooms, this.#roomsByName]) map.clear();
    for (const row of this.#db.prepare('SELECT * FROM users ORDER BY num').iterate()) {
      const person: Person = {
        num: Number(row.num),
        id: String(row.id),
        name: String(row.name),
        role: row.role as Role,
        joinedAt: Number(row.joined_at),
      };
      this.#rememberPerson(person, String(row.name_key));
    }
    for (const row of this.#db.prepare('SELECT * FROM rooms ORDER BY num').iterate()) {
      const room: RoomRecord = {
        num: Number(row.num),
        id: String(row.id),
        name: String(row.name),
        topic: String(row.topic),
        access: row.access as Room['access'],
        createdBy: String(row.created_by),
        createdAt: Number(row.created_at),
      };
      this.#rememberRoom(room, String(row.name_key));
    }
  }

  #rememberPerson(person: Person, key: string): void {
    this.#people.set(person.id, person);
    this.#peopleByName.set(key, person);
  }

  #rememberRoom(room: RoomRecord, key: string): void {
    this.#rooms.set(room.id, room);
    this.#roomsByName.set(key, room);
  }

  get peopleCount(): number {
    return this.#people.size;
  }

  get roomCount(): number {
    return this.#rooms.size;
  }

  get general(): RoomRecord {
    return this.#rooms.get(generalRoom)!;
  }

  get ownerCount(): number {
    let count = 0;
    for (const person of this.#people.values()) if (person.role === 'owner') count++;
    return count;
  }

  person(id: string): Person | undefined {
    return this.#people.get(id);
  }

  personNamed(key: string): Person | undefined {
    return this.#peopleByName.get(key);
  }

  /** A new person, who is in `general` from the start. Says so to everybody. */
  addPerson(turn: Turn, name: Name, role: Role): Person {
    const person: Person = { num: this.#people.size + 1, id: turn.id, name: name.shown, role, joinedAt: turn.at };
    this.#insertUser.run(person.num, person.id, person.name, name.key, role, turn.at, turn.index);
    this.#rememberPerson(person, name.key);
    turn.tell({ to: 'all' }, { type: 'user.joined', user: userOf(person) });
    this.join(turn, this.general, person);
    return person;
  }

  /** Gives a person another role. Guests are in open rooms only, so who becomes one leaves the closed rooms. */
  setRole(turn: Turn, before: Person, key: string, role: Role): void {
    const person: Person = { ...before, role };
    this.#updateRole.run(role, person.num);
    this.#rememberPerson(person, key);
    turn.tell({ to: 'all' }, { type: 'user.changed', user: userOf(person) });
    if (role !== 'guest') return;
    for (const row of this.#closedRoomsOf.all(person.num)) this.leave(turn, this.#rooms.get(String(row.id))!, person);
  }

  /** The room of this id or, failing that, of this name, whether or not anybody may see it. */
  findRoom(ref: string): RoomRecord | undefined {
    return this.#rooms.get(ref) ?? this.#roomsByName.get(roomKey(ref));
  }

  hasRoom(id: string): boolean {
    return this.#rooms.has(id);
  }

  /** The room, when this person may know of it: it is open, or they are in it. */
  roomFor(ref: string, person: Person): RoomRecord | undefined {
    const room = this.findRoom(ref);
    return room && this.maySee(room, person) ? room : undefined;
  }

  maySee(room: RoomRecord, person: Person): boolean {
    return room.access === 'open' || this.isMember(room, person);
  }

  roomNamed(key: string): RoomRecord | undefined {
    return this.#roomsByName.get(key);
  }

  addRoom(turn: Turn, name: Name, topic: string, access: Room['access'], creator: Person): RoomRecord {
    const num = this.#rooms.size + 1;
    const { id, at } = turn;
    const room: RoomRecord = { num, id, name: name.shown, topic, access, createdBy: creator.id, createdAt: at };
    this.#insertRoom.run(num, id, room.name, name.key, topic, access, creator.id, at);
    this.#rememberRoom(room, name.key);
    return room;
  }

  isMember(room: RoomRecord, person: Person): boolean {
    const key = room.num * personNumbers + person.num;
    const known = this.#membership.get(key);
    if (known !== undefined) return known;
    if (this.#membership.size >= limits.membershipCacheMax) this.#membership.clear();
    const isMember = this.#member.get(room.num, person.num) !== undefined;
    this.#membership.set(key, isMember);
    return isMember;
  }

  /** Puts a person who is not there into a room. What was said before counts as read. */
  join(turn: Turn, room: RoomRecord, person: Person): void {
    this.#insertMember.run(room.num, person.num, turn.index, turn.index);
    this.#countMembers.run(1, room.num);
    this.#membership.delete(room.num * personNumbers + person.num);
    turn.tell({ to: 'room', room: room.id }, { type: 'room.joined', room: factsOf(room), user: userOf(person) });
  }

  /** Takes a person who is there out of a room. They are told apart from the room, which they are no longer in. */
  leave(turn: Turn, room: RoomRecord, person: Person): void {
    const row = this.#deleteMember.get(room.num, person.num);
    this.#insertPast.run(person.num, turn.index, room.num, Number(row?.since));
    this.#countMembers.run(-1, room.num);
    this.#membership.delete(room.num * personNumbers + person.num);
    const left = { type: 'room.left', room: factsOf(room), user: userOf(person) } as const;
    turn.tell({ to: 'room', room: room.id }, left);
    turn.tell({ to: 'user', user: person.id }, left);
  }
}
