/**
 * Who is in a room and how far each has read: for rooms of which somebody asked, from the API's list and from events
 * after it. Pure but for `MembersReader`, which asks. A list and the events since it was asked for are put together by
 * applying these again: each says how it is now, so it does no harm when the list knows it already.
 */
import { type ChatEvent, EstafetError, type Member } from '../../protocol/index.ts';

/** Up to which index each has read, by the person's id. */
export type Members = ReadonlyMap<string, number>;
export type MembersByRoom = ReadonlyMap<string, Members>;

const roomIn = (event: ChatEvent): string | null => {
  if (event.type === 'room.joined' || event.type === 'room.left') return event.room.id;
  return event.type === 'read.marked' ? event.room : null;
};

const applied = (members: Members, event: ChatEvent): Members => {
  switch (event.type) {
    case 'room.joined':
      return members.has(event.user.id) ? members : new Map(members).set(event.user.id, 0);
    case 'room.left': {
      const left = new Map(members);
      left.delete(event.user.id);
      return left;
    }
    case 'read.marked':
      if (event.readIndex <= (members.get(event.user) ?? Number.POSITIVE_INFINITY)) return members;
      return new Map(members).set(event.user, event.readIndex);
    default:
      return members;
  }
};

/** Applies one event to the rooms whose members are known. */
export const withMemberEvent = (rooms: MembersByRoom, event: ChatEvent): MembersByRoom => {
  const room = roomIn(event);
  const known = room === null ? undefined : rooms.get(room);
  if (room === null || !known) return rooms;
  const next = applied(known, event);
  return next === known ? rooms : new Map(rooms).set(room, next);
};

/** What the API listed, and what has happened since it was asked. */
export const membersFrom = (list: readonly Member[], since: readonly ChatEvent[], room: string): Members => {
  const listed: Members = new Map(list.map(({ user, readIndex }) => [user.id, readIndex]));
  return since.filter((event) => roomIn(event) === room).reduce(applied, listed);
};

const retryMs = 1_500;
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export interface MembersDesk {
  /** Gets the JSON at a path of the API. */
  request(path: string): Promise<unknown>;
  /** Takes in the events that have come, so that the list is put on top of them. */
  draw(): void;
  put(room: string, members: Members): void;
}

/** Whether a failure is one that asking again may mend. */
const isPassing = (error: unknown): boolean => error instanceof EstafetError && error.status >= 500;

export class MembersReader {
  readonly #desk: MembersDesk;
  /** Events since the list of a room was asked for. */
  readonly #asked = new Map<string, ChatEvent[]>();

  constructor(desk: MembersDesk) {
    this.#desk = desk;
  }

  /** Every event of the stream is shown to the reader. */
  note(event: ChatEvent): void {
    for (const since of this.#asked.values()) since.push(event);
  }

  /** What is on its way is not wanted any more. */
  forget(): void {
    this.#asked.clear();
  }

  /** Asks who is in a room, until a server answers. */
  async read(room: string): Promise<void> {
    if (this.#asked.has(room)) return;
    let since: ChatEvent[] = [];
    this.#asked.set(room, since);
    while (this.#asked.get(room) === since) {
      try {
        const answer = await this.#desk.request(`/api/v1/rooms/${encodeURIComponent(room)}/members`);
        const list = (answer as { readonly members: readonly Member[] }).members;
        if (this.#asked.get(room) !== since) return;
        this.#desk.draw();
        this.#asked.delete(room);
        this.#desk.put(room, membersFrom(list, since, room));
      } catch (error) {
        if (this.#asked.get(room) !== since) return;
        if (!isPassing(error)) this.#asked.delete(room);
        await wait(retryMs);
        if (this.#asked.get(room) !== since) return;
        since = [];
        this.#asked.set(room, since);
      }
    }
  }
}
