/**
 * The chat: one server's copy of everything said and everybody there, brought forward by the log and asked by the edge.
 * `apply` is the only thing that changes it; the queries see the state after the last batch.
 */
import {
  type AddressedEvent,
  limits,
  type Message,
  type MessagePage,
  type Outcome,
  type Room,
  type User,
} from '../protocol/index.ts';
import { contentHash } from './content-hash.ts';
import { type Applied, type LogEntry, openMachine, type Position } from './machine/machine.ts';
import { findOutcome, type Retention } from './machine/outcomes.ts';
import { refuse } from './machine/turn.ts';
import { openDirectoryQueries } from './queries/directory.ts';
import { openEventQueries } from './queries/events.ts';
import { openHistory, type PageQuery } from './queries/history.ts';
import { RecentEvents } from './recent-events.ts';
import { openDatabase } from './schema.ts';

export interface Chat {
  /** Newest applied entry; `{index: 0, hash: ''}` when there is none. */
  readonly position: Position;
  /**
   * Applies committed entries, contiguous from `position`, in one transaction. Answers each command among them, in
   * order (marks have no answer). Throws on a disk failure, after which this process must not go on; and on a gap.
   */
  apply(entries: readonly LogEntry[]): readonly Applied[];
  /**
   * The first outcome of a command id, while it is remembered; of a message that was posted, for ever. With `by`, what
   * that sender is to be told: `id-reused` when the command was somebody else's.
   */
  outcome(id: string, by?: string): { readonly index: number; readonly outcome: Outcome } | null;
  /** Whose session this is; null when it has ended or never was. */
  session(tokenHash: string): { readonly user: User } | null;
  user(id: string): User | null;
  /** Everybody, in the order they joined. */
  users(): readonly User[];
  /** Ids of the rooms this person is in. */
  roomsOf(userId: string): readonly string[];
  /** The rooms this person may know of: open ones, and those they are in. */
  rooms(userId: string): readonly Room[];
  /** The room of this id or name; null when there is none, or it is closed to the person. */
  room(ref: string, userId: string): Room | null;
  /** A message; null when there is none, or its room is closed to the person. */
  message(id: string, userId: string): Message | null;
  /** A page of a room's history. Whether the one who asks may see the room is for the caller to check, with `room`. */
  page(roomId: string, query: PageQuery): MessagePage;
  /**
   * The events that this person gets after an index, in order, from at most `limit` positions. Null when the index is
   * so far behind that events have been forgotten. The same as they would have got live (see `queries/events.ts`).
   */
  eventsAfter(
    userId: string,
    after: number,
    limit: number,
  ): { readonly events: readonly AddressedEvent[]; readonly upto: number } | null;
  /** SHA-256 over all content, hexadecimal: the same wherever the same log was applied up to the same position. */
  contentHash(): string;
  close(): void;
}

const standard: Retention = {
  outcomesKeptPositions: limits.outcomesKeptPositions,
  eventsKeptPositions: limits.eventsKeptPositions,
  stepPositions: limits.expiryStepPositions,
};

/**
 * Opens the chat database at `path`, and makes it when it is not there. Throws when it cannot, or when the file belongs
 * to a newer version or another program.
 * @param retention how much is remembered; every server must say the same. For tests.
 */
export const openChat = (path: string, retention: Retention = standard): Chat => {
  const { outcomesKeptPositions, eventsKeptPositions, stepPositions } = retention;
  if (outcomesKeptPositions % stepPositions !== 0 || eventsKeptPositions % stepPositions !== 0) {
    throw new Error(`what is kept must be multiples of the step of ${stepPositions} positions`);
  }
  const db = openDatabase(path);
  const machine = openMachine(db, retention);
  const outcome = findOutcome(db);
  const directory = openDirectoryQueries(db);
  const history = openHistory(db);
  const recent = new RecentEvents(machine.position.index, limits.recentEventsPositions);
  const eventsAfter = openEventQueries(db, retention, recent);

  return {
    get position() {
      return machine.position;
    },
    apply: (entries) => {
      const applied = machine.apply(entries);
      recent.add(applied, machine.position.index);
      return applied;
    },
    outcome: (id, by) => {
      const first = outcome(id);
      if (!first) return null;
      const isTheirs = by === undefined || by === first.sender;
      return { index: first.index, outcome: isTheirs ? first.outcome : refuse('id-reused') };
    },
    session: directory.session,
    user: directory.user,
    users: directory.users,
    roomsOf: directory.roomsOf,
    rooms: directory.rooms,
    room: directory.room,
    message: (id, userId) => {
      const message = history.message(id);
      return message && directory.maySee(message.room, userId) ? message : null;
    },
    page: history.page,
    eventsAfter: (userId, after, limit) => eventsAfter(machine.position.index, userId, after, limit),
    contentHash: () => contentHash(db),
    close: () => db.close(),
  };
};
