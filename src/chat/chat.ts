/**
 * The chat: one server's copy of everything said and everybody there, brought forward by the log and asked by the edge.
 * `apply` is the only thing that changes it; the queries see the state after the last batch.
 */
import {
  type AddressedEvent,
  limits,
  type Member,
  type Message,
  type MessagePage,
  type Outcome,
  type Room,
  type User,
  type Wording,
} from '../protocol/index.ts';
import { contentHash } from './content-hash.ts';
import { type Applied, type LogEntry, openMachine, type Position } from './machine/machine.ts';
import { findOutcome, type Retention } from './machine/outcomes.ts';
import { refuse } from './machine/turn.ts';
import { openDirectoryQueries } from './queries/directory.ts';
import { openEventQueries } from './queries/events.ts';
import { type FileQueries, openFileQueries } from './queries/files.ts';
import { openHistory, type PageQuery } from './queries/history.ts';
import { openRequestQueries, type RequestQueries } from './queries/requests.ts';
import { RecentEvents } from './recent-events.ts';
import { openDatabase, roomOfKey } from './schema.ts';
import { copyDurably, replaceDatabase } from './snapshot.ts';
import { upgradeDatabase } from './upgrade.ts';

export interface Chat extends FileQueries, RequestQueries {
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
  /** Who is in a room, in the order they joined the workspace. Whether the one who asks may see it is for the caller to check. */
  members(roomId: string): readonly Member[];
  /** The person of this id or name with the hash of their password; null when there is nobody, or no password. */
  passwordHash(nameOrId: string): { readonly user: User; readonly hash: string } | null;
  /** A message; null when there is none, or its room is closed to the person. */
  message(id: string, userId: string): Message | null;
  /** What a message said before it was edited, the oldest first; null as `message` is. */
  wordings(messageId: string, userId: string): readonly Wording[] | null;
  /** The newest answers to a message, in their order; none when there is no such message, or it is closed to the person. */
  replies(messageId: string, userId: string): readonly Message[];
  /**
   * A page of a room's history. Whether the one who asks may see the room is for the caller to check, with `room`. With
   * `userId`, that person comes first among those who reacted.
   */
  page(roomId: string, query: PageQuery, userId?: string): MessagePage;
  /** A room's pinned messages, the newest pin first. The caller checks, as for `page`. */
  pins(roomId: string, userId?: string): readonly Message[];
  /**
   * The events that this person gets after an index, in order, from at most `limit` positions. Null when the index is
   * so far behind that events have been forgotten. The same as they would have got live (see `queries/events.ts`).
   */
  eventsAfter(
    userId: string,
    after: number,
    limit: number,
  ): { readonly events: readonly AddressedEvent[]; readonly upto: number } | null;
  /**
   * Replaces everything by what the snapshot at `path` holds, which stays where it is. Until it rejects or resolves,
   * queries see the one or the other whole. Not while `apply` runs. Throws on a disk failure, and is then of no more use.
   */
  install(path: string): Promise<void>;
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
  let parts = openParts(path, retention);
  return {
    get position() {
      return parts.machine.position;
    },
    apply: (entries) => {
      const applied = parts.machine.apply(entries);
      parts.recent.add(applied, parts.machine.position.index);
      return applied;
    },
    outcome: (id, by) => {
      const first = parts.outcome(id);
      if (!first) return null;
      const isTheirs = by === undefined || by === first.sender;
      return { index: first.index, outcome: isTheirs ? first.outcome : refuse('id-reused') };
    },
    session: (tokenHash) => parts.directory.session(tokenHash),
    user: (id) => parts.directory.user(id),
    users: () => parts.directory.users(),
    roomsOf: (userId) => parts.directory.roomsOf(userId),
    rooms: (userId) => parts.directory.rooms(userId),
    room: (ref, userId) => parts.directory.room(ref, userId),
    members: (roomId) => parts.directory.members(roomId),
    passwordHash: (nameOrId) => parts.directory.passwordHash(nameOrId),
    message: (id, userId) => {
      const found = findVisible(parts, id, userId);
      return found && parts.history.view(found.row, found.room, userId);
    },
    wordings: (id, userId) => {
      const found = findVisible(parts, id, userId);
      return found && parts.history.wordings(found.row);
    },
    replies: (id, userId) => {
      const found = findVisible(parts, id, userId);
      return found ? parts.history.replies(found.row, found.room, userId) : [];
    },
    page: (roomId, query, userId) => parts.history.page(roomId, query, userId),
    pins: (roomId, userId) => parts.history.pins(roomId, userId),
    file: (id) => parts.files.file(id),
    maySeeFile: (id, userId) => parts.files.maySeeFile(id, userId),
    upload: (id) => parts.files.upload(id),
    uploadPieces: (id) => parts.files.uploadPieces(id),
    filesOf: (roomId, query) => parts.files.filesOf(roomId, query),
    filesTotal: () => parts.files.filesTotal(),
    hasPiece: (hash) => parts.files.hasPiece(hash),
    pieces: (after, limit) => parts.files.pieces(after, limit),
    isAnythingUnusedSince: (at) => parts.files.isAnythingUnusedSince(at),
    requests: (query) => parts.requests.requests(query),
    requestsAfter: (index, limit) => parts.requests.requestsAfter(index, limit),
    requestLabel: (index) => parts.requests.requestLabel(index),
    requestsOf: (server, limit, upto) => parts.requests.requestsOf(server, limit, upto),
    takeovers: (limit) => parts.requests.takeovers(limit),
    eventsAfter: (userId, after, limit) => parts.eventsAfter(parts.machine.position.index, userId, after, limit),
    install: async (snapshot) => {
      const copy = await copyDurably(snapshot, `${path}.new`);
      await upgradeDatabase(copy);
      parts.db.close();
      replaceDatabase(path, copy);
      parts = openParts(path, retention);
    },
    contentHash: () => contentHash(parts.db),
    close: () => parts.db.close(),
  };
};

/** A message's row and the id of its room, for somebody who may see it. */
const findVisible = ({ history, directory }: ReturnType<typeof openParts>, id: string, userId: string) => {
  const row = history.row(id);
  const room = row && directory.visibleRoom(roomOfKey(row.key), userId);
  return row && room ? { row, room } : null;
};

/** Everything that hangs on one connection. */
const openParts = (path: string, retention: Retention) => {
  const db = openDatabase(path);
  const machine = openMachine(db, retention);
  const recent = new RecentEvents(machine.position.index, limits.recentEventsPositions);
  return {
    db,
    machine,
    recent,
    outcome: findOutcome(db),
    directory: openDirectoryQueries(db),
    files: openFileQueries(db),
    history: openHistory(db),
    requests: openRequestQueries(db),
    eventsAfter: openEventQueries(db, retention, recent),
  };
};
