/**
 * The chat machine: applies committed entries, in order, each batch in one transaction together with the position it
 * reaches (rule 11). Deterministic (rule 14): what it does depends on the entries and on what it did before; it reads
 * no clock, no randomness, no locale. Whatever bytes an entry has, it gets an outcome; only the disk can make it throw.
 */
import type { DatabaseSync } from 'node:sqlite';
import {
  type AddressedEvent,
  type Command,
  isCommandId,
  type Outcome,
  type SystemCommandKind,
  systemUser,
} from '../../protocol/index.ts';
import { systemCommands } from '../../protocol/schemas.ts';
import { type Decoded, decode } from './decode.ts';
import { Directory } from './directory.ts';
import { openEventStore } from './event-store.ts';
import { isDiskFailure } from './failures.ts';
import type { ClientHandlers } from './handler-types.ts';
import { makeHandlers } from './handlers.ts';
import { openOutcomes, type Retention } from './outcomes.ts';
import { refuse, Turn } from './turn.ts';

/** A committed entry of the log. */
export interface LogEntry {
  readonly index: number;
  /** The epoch of the primary that sequenced it. */
  readonly epoch: number;
  /** When it was sequenced: ms since 1970, never less than the entry before it. */
  readonly at: number;
  readonly id: string;
  /** The command as it stands in the log: see `command-body.ts` of the protocol. */
  readonly body: Uint8Array;
  /** The log's chain at this index. */
  readonly hash: Uint8Array;
  /** A `mark` only moves the position. */
  readonly kind: 'command' | 'mark';
  /** SHA-256 of the command's chunk, hexadecimal, when whoever applies it knows that already. */
  readonly chunkHash?: string;
}

/** What became of one command. */
export interface Applied {
  readonly index: number;
  readonly id: string;
  readonly outcome: Outcome;
  /** Index of the entry that took effect: for a retry, the first one. */
  readonly firstIndex: number;
  readonly events: readonly AddressedEvent[];
  /** Hashes of the tokens whose sessions ended. */
  readonly sessionsEnded: readonly string[];
  /** SHA-256 of the pieces of files that nothing refers to any more, hexadecimal. */
  readonly piecesFreed: readonly string[];
}

export interface Position {
  readonly index: number;
  /** The log's chain there, hexadecimal; empty at 0. */
  readonly hash: string;
}

export interface Machine {
  readonly position: Position;
  apply(entries: readonly LogEntry[]): readonly Applied[];
}

const isSystemCommand = (kind: string): kind is SystemCommandKind => Object.hasOwn(systemCommands, kind);

const readPosition = (db: DatabaseSync): Position => {
  const row = db.prepare('SELECT idx, hash FROM position').get();
  return { index: Number(row?.idx), hash: String(row?.hash) };
};

export const openMachine = (db: DatabaseSync, retention: Retention): Machine => {
  const directory = new Directory(db);
  const outcomes = openOutcomes(db, retention);
  const events = openEventStore(db, directory, retention);
  const handlers = makeHandlers(db, directory, events);
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');
  const savepoint = db.prepare('SAVEPOINT entry');
  const release = db.prepare('RELEASE entry');
  const undo = db.prepare('ROLLBACK TO entry');
  const move = db.prepare('UPDATE position SET idx = ?, hash = ?');
  let position = readPosition(db);

  const perform = (turn: Turn, command: Command): Outcome => {
    const { kind, by, body } = command;
    if (isSystemCommand(kind)) {
      if (by !== systemUser) return refuse('not-allowed');
      // Kind and body go together in a `Command`; the compiler does not follow them through a table.
      return (handlers.system[kind] as (turn: Turn, body: Command['body']) => Outcome)(turn, body);
    }
    const person = directory.person(by);
    if (!person) return refuse('no-such-user');
    type Handler = (...given: [Turn, typeof person, Command['body']]) => Outcome;
    return (handlers.client[kind as keyof ClientHandlers] as Handler)(turn, person, body);
  };

  /** A refusal that need not be remembered: it follows from the id, now and whenever it comes again. */
  const refusalById = (turn: Turn, decoded: Decoded): Outcome | null => {
    if (!outcomes.isTooOld(turn.id)) return null;
    if (!decoded.ok || decoded.command.kind !== 'message.post') return refuse('id-too-old');
    // Messages written long ago may still be on their way. This id, though, has made something else.
    const taken = directory.person(turn.id) !== undefined || directory.hasRoom(turn.id);
    return taken ? refuse('id-reused') : null;
  };

  const applyCommand = (entry: LogEntry, hopeless: boolean): Applied => {
    const { index, id } = entry;
    const decoded = decode(id, entry.body);
    const turn = new Turn(entry, decoded.ok ? decoded.chunk : null, entry.chunkHash ?? null);
    const answer = (outcome: Outcome, firstIndex = index): Applied => {
      const { events, sessionsEnded, piecesFreed } = turn;
      return { index, id, outcome, firstIndex, events, sessionsEnded, piecesFreed };
    };
    if (!isCommandId(id)) return answer(refuse('bad-id'));
    const by = decoded.ok ? decoded.command.by : decoded.by;
    const first = outcomes.find(id);
    if (first) return first.sender === by ? answer(first.outcome, first.index) : answer(refuse('id-reused'));
    const refusal = refusalById(turn, decoded);
    if (refusal) return answer(refusal);
    let outcome: Outcome;
    if (hopeless) outcome = refuse('internal');
    else outcome = decoded.ok ? perform(turn, decoded.command) : refuse(decoded.code);
    const isItsOwnRecord = outcome.ok && decoded.ok && decoded.command.kind === 'message.post';
    if (!isItsOwnRecord) outcomes.remember(id, { index, sender: by, outcome });
    if (turn.events.length > 0) events.add(index, turn.events);
    return answer(outcome);
  };

  const applyEntry = (entry: LogEntry, applied: Applied[], hopeless = false): void => {
    if (entry.kind === 'command') applied.push(applyCommand(entry, hopeless));
    if (entry.index % retention.stepPositions === 0) {
      outcomes.expire(entry.index, entry.at);
      events.expire(entry.index);
    }
  };

  const reload = (): void => {
    directory.reload();
    outcomes.reload();
  };

  /** Each entry on its own, so that one that fails, fails alone. Only needed when there is a mistake in a handler. */
  const applyCarefully = (entries: readonly LogEntry[], applied: Applied[]): void => {
    for (const entry of entries) {
      const before = applied.length;
      savepoint.run();
      try {
        applyEntry(entry, applied);
      } catch (error) {
        if (isDiskFailure(error)) throw error;
        undo.run();
        reload();
        applied.length = before;
        applyEntry(entry, applied, true);
      }
      release.run();
    }
  };

  const inTransaction = (entries: readonly LogEntry[], work: (applied: Applied[]) => void): readonly Applied[] => {
    const applied: Applied[] = [];
    const last = entries.at(-1)!;
    const hash = Buffer.from(last.hash).toString('hex');
    begin.run();
    try {
      work(applied);
      move.run(last.index, hash);
      commit.run();
    } catch (error) {
      if (db.isTransaction) rollback.run();
      reload();
      throw error;
    }
    position = { index: last.index, hash };
    return applied;
  };

  return {
    get position() {
      return position;
    },
    apply: (entries) => {
      if (entries.length === 0) return [];
      entries.forEach((entry, at) => {
        if (entry.index === position.index + 1 + at) return;
        throw new Error(`entry ${entry.index} cannot be applied after ${position.index + at}: entries are contiguous`);
      });
      try {
        return inTransaction(entries, (applied) => {
          for (const entry of entries) applyEntry(entry, applied);
        });
      } catch (error) {
        if (isDiskFailure(error)) throw error;
        return inTransaction(entries, (applied) => applyCarefully(entries, applied));
      }
    },
  };
};
