/**
 * Who of this server's live sockets gets what, turn by turn. A seat is live when it has been told everything up to the
 * database's position; a seat that resumes or lags is not here, and reads from the database instead.
 *
 * Membership changes take effect between the events before and after them, so that a seat gets live exactly what it
 * would get by resuming: who joins gets the event that says so and what follows, who leaves gets what came before.
 */
import type { Chat } from '../../chat/index.ts';
import type { AddressedEvent } from '../../protocol/index.ts';
import type { Turn } from '../applier.ts';
import { Chunk } from './chunk.ts';

/** A live socket, as the hub sees it. */
export interface Seat {
  readonly userId: string;
  readonly isSignedIn: boolean;
  /** A chunk of this turn that is not written yet, because it may or may not be the last. The hub's alone. */
  held: Chunk | null;
  write(frame: Buffer): void;
  /** Everything up to `upto` has been written. */
  turnEnded(upto: number): void;
}

interface Person {
  readonly rooms: Set<string>;
  readonly seats: Set<Seat>;
}

interface Encoded {
  readonly index: number;
  readonly json: string;
}

/** What a turn gathers before it is written. */
class Gathering {
  readonly rooms = new Map<string, string[]>();
  readonly all: Encoded[] = [];
  readonly people = new Map<string, Encoded[]>();
  readonly touched: Seat[] = [];
  readonly before: number;
  readonly upto: number;

  constructor(before: number, upto: number) {
    this.before = before;
    this.upto = upto;
  }

  hold(seats: Iterable<Seat>, room: string | null, events: readonly string[]): void {
    const chunk = new Chunk(room, this.before, this.upto, events);
    for (const seat of seats) {
      if (seat.held === null) this.touched.push(seat);
      else seat.write(seat.held.middle);
      seat.held = chunk;
    }
  }
}

const none: ReadonlySet<Seat> = new Set();

const append = <T>(lists: Map<string, T[]>, key: string, value: T): void => {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
};

export class Hub {
  readonly #chat: Chat;
  readonly #people = new Map<string, Person>();
  readonly #rooms = new Map<string, Set<Seat>>();
  readonly #live = new Set<Seat>();

  constructor(chat: Chat) {
    this.#chat = chat;
  }

  get live(): ReadonlySet<Seat> {
    return this.#live;
  }

  /** Makes a seat live. Only between turns, and only when it has everything up to the database's position. */
  enter(seat: Seat): void {
    let person = this.#people.get(seat.userId);
    if (person === undefined) {
      person = { rooms: new Set(this.#chat.roomsOf(seat.userId)), seats: new Set() };
      this.#people.set(seat.userId, person);
    }
    person.seats.add(seat);
    for (const room of person.rooms) this.#take(room, seat);
    this.#live.add(seat);
  }

  /** A seat is live no more. */
  leave(seat: Seat): void {
    if (!this.#live.delete(seat)) return;
    const person = this.#people.get(seat.userId);
    if (person === undefined) return;
    person.seats.delete(seat);
    for (const room of person.rooms) this.#release(room, seat);
    if (person.seats.size === 0) this.#people.delete(seat.userId);
  }

  /** Writes a frame to a room's live seats, but those of one person. */
  toRoom(room: string, frame: Buffer, exceptUserId: string): void {
    for (const seat of this.#rooms.get(room) ?? none) if (seat.userId !== exceptUserId) seat.write(frame);
  }

  /** Tells the live seats what a turn brought, one frame a room. */
  deliver({ before, upto, applied }: Turn): void {
    if (this.#live.size === 0) return;
    const turn = new Gathering(before, upto);
    for (const { events } of applied) this.#gather(turn, events);
    this.#holdWorkspace(turn);
    for (const [room, events] of turn.rooms) turn.hold(this.#rooms.get(room) ?? none, room, events);
    for (const seat of turn.touched) {
      const { held } = seat;
      seat.held = null;
      if (held === null) continue;
      seat.write(held.last);
      seat.turnEnded(upto);
    }
  }

  /** An event of a room is for those who are in it once its entry has been applied: so first who is, then what. */
  #gather(turn: Gathering, events: readonly AddressedEvent[]): void {
    for (const { event } of events) {
      if (event.type === 'room.joined') this.#joins(turn, event.room.id, event.user.id);
      else if (event.type === 'room.left') this.#leaves(turn, event.room.id, event.user.id);
    }
    for (const { audience, event } of events) {
      if (audience.to === 'all') turn.all.push({ index: event.index, json: JSON.stringify(event) });
      else if (audience.to === 'room') {
        if (this.#rooms.has(audience.room)) append(turn.rooms, audience.room, JSON.stringify(event));
      } else if (this.#people.has(audience.user)) {
        append(turn.people, audience.user, { index: event.index, json: JSON.stringify(event) });
      }
    }
  }

  #joins(turn: Gathering, room: string, userId: string): void {
    const person = this.#people.get(userId);
    if (person === undefined || person.rooms.has(room)) return;
    this.#cut(turn, room);
    person.rooms.add(room);
    for (const seat of person.seats) this.#take(room, seat);
  }

  #leaves(turn: Gathering, room: string, userId: string): void {
    const person = this.#people.get(userId);
    if (person === undefined || !person.rooms.has(room)) return;
    this.#cut(turn, room);
    person.rooms.delete(room);
    for (const seat of person.seats) this.#release(room, seat);
  }

  /** What the room's members have so far is theirs before the members change. */
  #cut(turn: Gathering, room: string): void {
    const events = turn.rooms.get(room);
    if (events === undefined) return;
    turn.hold(this.#rooms.get(room) ?? none, room, events);
    turn.rooms.delete(room);
  }

  /** The workspace's events and a person's own go under one cursor, so they go in one frame, by index. */
  #holdWorkspace(turn: Gathering): void {
    for (const [userId, own] of turn.people) {
      const merged = [...turn.all, ...own].sort((one, other) => one.index - other.index);
      const seats = this.#people.get(userId)?.seats ?? none;
      turn.hold(
        seats,
        null,
        merged.map(({ json }) => json),
      );
    }
    if (turn.all.length === 0) return;
    const others = turn.people.size === 0 ? this.#live : this.#without(turn.people);
    turn.hold(
      others,
      null,
      turn.all.map(({ json }) => json),
    );
  }

  *#without(people: ReadonlyMap<string, unknown>): Iterable<Seat> {
    for (const seat of this.#live) if (!people.has(seat.userId)) yield seat;
  }

  #take(room: string, seat: Seat): void {
    const seats = this.#rooms.get(room);
    if (seats === undefined) this.#rooms.set(room, new Set([seat]));
    else seats.add(seat);
  }

  #release(room: string, seat: Seat): void {
    const seats = this.#rooms.get(room);
    seats?.delete(seat);
    if (seats?.size === 0) this.#rooms.delete(room);
  }
}
