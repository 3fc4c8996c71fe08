/**
 * People, rooms and who is in which: the part of the state that nearly every command looks at. Kept in memory as well as
 * in the tables (both are small, by `limits.usersMax`, `limits.roomsMax` and `limits.directRoomsMax`), and written to
 * both in the same turn.
 */
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { generalRoom, type Role, type Room, type RoomFacts, type User } from '../../protocol/index.ts';
import { Memberships } from './memberships.ts';
import { type Name, roomKey } from './names.ts';
import type { Turn } from './turn.ts';

export interface Person extends User {
  readonly num: number;
  /** The key under which their name is unique. */
  readonly key: string;
}

export interface RoomRecord extends RoomFacts {
  readonly num: number;
  /** The key under which its name is unique; null of a direct room, which has none. */
  readonly key: string | null;
}

/** What others get to see of a person. */
export const userOf = ({ num: _, key: __, ...user }: Person): User => user;

/** What an event says of a room. */
export const factsOf = ({ num: _, key: __, ...facts }: RoomRecord): RoomFacts => facts;

/** What of a person can be changed. Undefined is as it was. */
export interface PersonChange {
  readonly name?: Name;
  readonly role?: Role;
  readonly about?: string;
  /** The id of a file, or nothing. */
  readonly avatar?: string | null;
}

/** What of a room can be changed. */
export interface RoomChange {
  readonly name?: Name;
  readonly topic?: string;
  readonly archived?: boolean;
}

type Row = Record<string, SQLOutputValue>;

const personFrom = (row: Row): Person => ({
  num: Number(row.num),
  key: String(row.name_key),
  id: String(row.id),
  name: String(row.name),
  role: row.role as Role,
  joinedAt: Number(row.joined_at),
  ...(row.about === '' ? {} : { about: String(row.about) }),
  ...(row.avatar === null ? {} : { avatar: String(row.avatar) }),
});

/** What a room is made of, before its fields have their order. */
type RoomParts = Omit<RoomRecord, 'archived' | 'with'> & {
  readonly archived: boolean;
  readonly people: readonly string[];
};

/** A room, its fields always in the same order: events tell them in it, and events are content. */
const roomOf = (parts: RoomParts): RoomRecord => ({
  num: parts.num,
  key: parts.key,
  id: parts.id,
  name: parts.name,
  topic: parts.topic,
  access: parts.access,
  ...(parts.archived ? { archived: true } : {}),
  ...(parts.access === 'direct' ? { with: [...parts.people] } : {}),
  createdBy: parts.createdBy,
  createdAt: parts.createdAt,
});

/** How a direct room is found: by who is in it. */
const peopleKey = (people: readonly Person[]): string => people.map(({ num }) => num).join(',');

export class Directory {
  readonly #db: DatabaseSync;
  readonly #members: Memberships;
  readonly #people = new Map<string, Person>();
  readonly #peopleByNum: Person[] = [];
  readonly #peopleByName = new Map<string, Person>();
  readonly #rooms = new Map<string, RoomRecord>();
  readonly #roomsByNum: RoomRecord[] = [];
  readonly #roomsByName = new Map<string, RoomRecord>();
  readonly #directRooms = new Map<string, RoomRecord>();
  #nameKeyLengths: readonly number[] = [];
  readonly #insertUser: StatementSync;
  readonly #updateUser: StatementSync;
  readonly #insertPastName: StatementSync;
  readonly #insertRoom: StatementSync;
  readonly #updateRoom: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#members = new Memberships(db);
    this.#insertUser = db.prepare("INSERT INTO users VALUES (?, ?, ?, ?, ?, ?, ?, '', NULL, NULL)");
    this.#updateUser = db.prepare(
      'UPDATE users SET name = ?, name_key = ?, role = ?, about = ?, avatar = ? WHERE num = ?',
    );
    this.#insertPastName = db.prepare('INSERT INTO past_names VALUES (?, ?, ?)');
    this.#insertRoom = db.prepare('INSERT INTO rooms VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?)');
    this.#updateRoom = db.prepare('UPDATE rooms SET name = ?, name_key = ?, topic = ?, archived = ? WHERE num = ?');
    this.reload();
  }

  /** Reads everything from the tables again: at the start, and after a transaction was rolled back. */
  reload(): void {
    this.#members.reload();
    this.#peopleByNum.length = 0;
    this.#roomsByNum.length = 0;
    for (const map of [this.#people, this.#peopleByName, this.#rooms, this.#roomsByName, this.#directRooms])
      map.clear();
    for (const row of this.#db.prepare('SELECT * FROM users ORDER BY num').iterate()) {
      this.#rememberPerson(personFrom(row));
    }
    for (const row of this.#db.prepare('SELECT * FROM rooms ORDER BY num').iterate()) {
      this.#rememberRoom(this.#roomFrom(row), row.people === null ? null : String(row.people));
    }
  }

  #roomFrom(row: Row): RoomRecord {
    return roomOf({
      num: Number(row.num),
      key: row.name_key === null ? null : String(row.name_key),
      id: String(row.id),
      name: String(row.name),
      topic: String(row.topic),
      access: row.access as Room['access'],
      archived: row.archived === 1,
      people: row.people === null ? [] : this.#idsOf(String(row.people)),
      createdBy: String(row.created_by),
      createdAt: Number(row.created_at),
    });
  }

  #idsOf(people: string): string[] {
    return people.split(',').map((num) => this.#peopleByNum[Number(num)]!.id);
  }

  #rememberPerson(person: Person): void {
    this.#people.set(person.id, person);
    this.#peopleByNum[person.num] = person;
    this.#peopleByName.set(person.key, person);
    const { length } = person.key;
    if (this.#nameKeyLengths.includes(length)) return;
    this.#nameKeyLengths = [...this.#nameKeyLengths, length].sort((one, other) => other - one);
  }

  #rememberRoom(room: RoomRecord, people: string | null): void {
    this.#rooms.set(room.id, room);
    this.#roomsByNum[room.num] = room;
    if (room.key !== null) this.#roomsByName.set(room.key, room);
    if (people !== null) this.#directRooms.set(people, room);
  }

  get peopleCount(): number {
    return this.#people.size;
  }

  /** Rooms with a name. */
  get roomCount(): number {
    return this.#roomsByName.size;
  }

  get directRoomCount(): number {
    return this.#directRooms.size;
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

  personOfNum(num: number): Person {
    return this.#peopleByNum[num]!;
  }

  personNamed(key: string): Person | undefined {
    return this.#peopleByName.get(key);
  }

  /** How many UTF-16 units the keys of names have, each number once, the greatest first. */
  get nameKeyLengths(): readonly number[] {
    return this.#nameKeyLengths;
  }

  /** A new person, who is in `general` from the start. Says so to everybody. */
  addPerson(turn: Turn, name: Name, role: Role): Person {
    const num = this.#people.size + 1;
    const person: Person = { num, key: name.key, id: turn.id, name: name.shown, role, joinedAt: turn.at };
    this.#insertUser.run(person.num, person.id, person.name, name.key, role, turn.at, turn.index);
    this.#rememberPerson(person);
    turn.tell({ to: 'all' }, { type: 'user.joined', user: userOf(person) });
    this.join(turn, this.general, person);
    return person;
  }

  /** Changes what is known of a person, and says so to everybody. Who becomes a guest leaves the closed rooms. */
  changePerson(turn: Turn, before: Person, change: PersonChange): Person {
    const { num, id, joinedAt } = before;
    const { name, role = before.role, about = before.about ?? '', avatar = before.avatar ?? null } = change;
    const shown = name?.shown ?? before.name;
    const key = name?.key ?? before.key;
    const person: Person = {
      ...{ num, key, id, name: shown, role, joinedAt },
      ...(about === '' ? {} : { about }),
      ...(avatar === null ? {} : { avatar }),
    };
    this.#updateUser.run(shown, key, role, about, avatar, num);
    if (shown !== before.name) this.#insertPastName.run(num, turn.index, before.name);
    this.#peopleByName.delete(before.key);
    this.#rememberPerson(person);
    turn.tell({ to: 'all' }, { type: 'user.changed', user: userOf(person) });
    if (role === 'guest' && before.role !== 'guest') this.#leaveClosedRooms(turn, person);
    return person;
  }

  /** Guests are in open rooms, and in the conversations that they were part of before. */
  #leaveClosedRooms(turn: Turn, person: Person): void {
    for (const num of this.#members.roomsOf(person.num)) {
      const room = this.#roomsByNum[num]!;
      if (room.access === 'closed') this.leave(turn, room, person);
    }
  }

  /** The room of this id or, failing that, of this name, whether or not anybody may see it. */
  findRoom(ref: string): RoomRecord | undefined {
    return this.#rooms.get(ref) ?? this.#roomsByName.get(roomKey(ref));
  }

  roomOfNum(num: number): RoomRecord {
    return this.#roomsByNum[num]!;
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

  /** Whether another room than `but` has this name, or is addressed by it. */
  isRoomNameTaken(key: string, but?: RoomRecord): boolean {
    const room = this.#rooms.get(key) ?? this.#roomsByName.get(key);
    return room !== undefined && room.id !== but?.id;
  }

  /** The conversation of just these people, who are in the order of their numbers. */
  directRoomOf(people: readonly Person[]): RoomRecord | undefined {
    return this.#directRooms.get(peopleKey(people));
  }

  addRoom(turn: Turn, name: Name, topic: string, access: 'open' | 'closed', creator: Person): RoomRecord {
    const num = this.#rooms.size + 1;
    const { id, at } = turn;
    const room = roomOf({
      ...{ num, key: name.key, id, name: name.shown, topic, access, archived: false, people: [] },
      ...{ createdBy: creator.id, createdAt: at },
    });
    this.#insertRoom.run(num, id, room.name, name.key, topic, access, creator.id, at, null);
    this.#rememberRoom(room, null);
    return room;
  }

  /** The conversation of these people, who are in the order of their numbers; all are in it from the start. */
  addDirectRoom(turn: Turn, people: readonly Person[], creator: Person): RoomRecord {
    const num = this.#rooms.size + 1;
    const { id, at } = turn;
    const room = roomOf({
      ...{ num, key: null, id, name: '', topic: '', access: 'direct', archived: false },
      ...{ people: people.map((person) => person.id), createdBy: creator.id, createdAt: at },
    });
    this.#insertRoom.run(num, id, '', null, '', 'direct', creator.id, at, peopleKey(people));
    this.#rememberRoom(room, peopleKey(people));
    turn.tell({ to: 'room', room: id }, { type: 'room.created', room: factsOf(room) });
    for (const person of people) this.join(turn, room, person);
    return room;
  }

  /** Changes what is known of a room, and says so to whoever may know of it. */
  changeRoom(turn: Turn, before: RoomRecord, change: RoomChange): void {
    const { name, topic = before.topic, archived = before.archived === true } = change;
    const key = name?.key ?? before.key;
    const room = roomOf({ ...before, name: name?.shown ?? before.name, key, topic, archived, people: [] });
    this.#updateRoom.run(room.name, key, topic, Number(archived), room.num);
    if (before.key !== null) this.#roomsByName.delete(before.key);
    this.#rememberRoom(room, null);
    const audience = room.access === 'open' ? ({ to: 'all' } as const) : ({ to: 'room', room: room.id } as const);
    turn.tell(audience, { type: 'room.changed', room: factsOf(room) });
  }

  isMember(room: RoomRecord, person: Person): boolean {
    return this.#members.has(room.num, person.num);
  }

  memberCount(room: RoomRecord): number {
    return this.#members.count(room.num);
  }

  /** Puts a person who is not there into a room. What was said before counts as read. */
  join(turn: Turn, room: RoomRecord, person: Person): void {
    this.#members.add(room.num, person.num, turn.index);
    turn.tell({ to: 'room', room: room.id }, { type: 'room.joined', room: factsOf(room), user: userOf(person) });
  }

  /** Takes a person who is there out of a room. They are told apart from the room, which they are no longer in. */
  leave(turn: Turn, room: RoomRecord, person: Person): void {
    this.#members.remove(room.num, person.num, turn.index);
    const left = { type: 'room.left', room: factsOf(room), user: userOf(person) } as const;
    turn.tell({ to: 'room', room: room.id }, left);
    turn.tell({ to: 'user', user: person.id }, left);
  }
}
