/**
 * What one client of the load knows of itself: its messages that are there, and the rooms it is in. From it the commands
 * are made up (`kinds.ts`), such that none of them should be refused whatever happens to the servers.
 */
import type { Random } from './random.ts';
import type { Recorder } from './recorder.ts';

/** A message that may be edited or deleted. */
export interface OwnMessage {
  readonly id: string;
  readonly room: string;
  readonly index: number;
  /** Commands under way that are about it. */
  uses: number;
}

/** A message of nobody’s in the load: all react to it, and it stays. */
export interface Landmark {
  readonly id: string;
  readonly room: string;
}

/** The rooms of a run, and who may be in them. */
export interface Rooms {
  readonly landmarks: readonly Landmark[];
  readonly people: readonly { readonly id: string; readonly name: string }[];
  /** Who is to be in all that the load does, and says nothing. */
  readonly witness: { readonly id: string; readonly name: string };
  /** Those that it began with: the whole load is in them, and stays. */
  readonly fixed: readonly string[];
  /** Those that the load has made, once they may be entered. */
  readonly made: readonly string[];
  /** Whether one more may be made; if so, it is counted. */
  reserve(): boolean;
  /** A room was made, and may be entered once the witness is in it. */
  opened(room: string): void;
}

/** Where one is with a room that the load has made. */
interface Whereabouts {
  isIn: boolean;
  /** Commands under way that need one to be in it. */
  uses: number;
  /** One is about to enter or leave; or it is not known whether one has. */
  isMoving: boolean;
}

/** The room that a client has for itself, to archive and take back. */
export interface OwnRoom {
  readonly id: string;
  isArchived: boolean;
  /** A command about it is under way; or it is not known what came of one. */
  isBusy: boolean;
}

/** Messages of its own that a client remembers. */
const ownMax = 40;

export class Actor {
  readonly name: string;
  readonly rooms: Rooms;
  readonly random: Random;
  readonly recorder: Recorder;
  /** Null until it has one, or has asked for one. */
  ownRoom: OwnRoom | null = null;
  readonly #own: OwnMessage[] = [];
  readonly #where = new Map<string, Whereabouts>();

  constructor(name: string, rooms: Rooms, random: Random, recorder: Recorder) {
    this.name = name;
    this.rooms = rooms;
    this.random = random;
    this.recorder = recorder;
  }

  #at(room: string): Whereabouts {
    const known = this.#where.get(room) ?? { isIn: false, uses: 0, isMoving: false };
    this.#where.set(room, known);
    return known;
  }

  /** Whether it is in a room and stays there for now. */
  isIn(room: string): boolean {
    return this.rooms.fixed.includes(room) || (this.#at(room).isIn && !this.#at(room).isMoving);
  }

  /** A room to write to. */
  someRoom(): string {
    return this.random.pick([...this.rooms.fixed, ...this.rooms.made.filter((room) => this.isIn(room))]);
  }

  /** A room that the load has made, and that it is in. */
  someMadeRoom(): string | null {
    const rooms = this.rooms.made.filter((room) => this.isIn(room));
    return rooms.length === 0 ? null : this.random.pick(rooms);
  }

  /** One of its messages that fits, if there is any. */
  someMessage(fits: (message: OwnMessage) => boolean): OwnMessage | null {
    const fitting = this.#own.filter((message) => this.isIn(message.room) && fits(message));
    return fitting.length === 0 ? null : this.random.pick(fitting);
  }

  /** A room to enter, or to leave with nothing under way in it. */
  someDoor(isIn: boolean): string | null {
    const doors = this.rooms.made.filter((room) => {
      const at = this.#at(room);
      return !at.isMoving && at.isIn === isIn && at.uses === 0;
    });
    return doors.length === 0 ? null : this.random.pick(doors);
  }

  /** Something is under way that needs it to be in this room; the answer ends that. */
  using(room: string): () => void {
    const at = this.#at(room);
    at.uses++;
    return () => {
      at.uses--;
    };
  }

  /** It is about to enter or leave. */
  moving(room: string): void {
    this.#at(room).isMoving = true;
  }

  /** It has entered or left. */
  moved(room: string, isIn: boolean): void {
    const at = this.#at(room);
    at.isIn = isIn;
    at.isMoving = false;
  }

  remember(message: OwnMessage): void {
    this.#own.push(message);
    if (this.#own.length > ownMax) this.#own.shift();
  }

  forget(message: OwnMessage): void {
    const at = this.#own.indexOf(message);
    if (at >= 0) this.#own.splice(at, 1);
  }
}
