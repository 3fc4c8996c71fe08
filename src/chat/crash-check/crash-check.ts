/**
 * The chat machine under crashes: a random log full of retries is applied by one machine that never stops and by one
 * that is closed, killed, cut off in the middle of a batch and loses power again and again, each time going on from the
 * position it finds. Whatever happens, the second must say and hold what the first does; and what both say of retries is
 * judged from the log alone, without the machine. Deterministic: a seed repeats its run.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Chat, openChat } from '../chat.ts';
import type { Applied, LogEntry } from '../machine/machine.ts';
import type { Retention } from '../machine/outcomes.ts';
import { type Crash, crashedFiles } from './crashed-files.ts';
import { judgeReactions } from './judge-reactions.ts';
import { judgeRetries } from './judge-retries.ts';
import { numbersFrom, type RetriedEntry, retriedLog } from './retried-log.ts';
import { Violation } from './violation.ts';

export interface CrashCheckResult {
  readonly seed: number;
  /** Entries applied, by both machines, those applied again after a crash among them. */
  readonly steps: number;
  readonly crashes: number;
  readonly retries: number;
  readonly violation: { readonly rule: string; readonly message: string } | null;
}

/** Small, so that a short log sees everything expire many times. */
const retention: Retention = { outcomesKeptPositions: 80, eventsKeptPositions: 40, stepPositions: 20 };
const commands = 220;
const livesMax = 14;

/** What the machine that never stops holds, where batches may end, by position. */
type Expected = ReadonlyMap<number, { readonly hash: string; readonly events: unknown }>;

/** What everybody here is told who comes back from a little before. */
const toldSince = (chat: Chat, after: number): unknown =>
  chat.users().map(({ id }) => [id, chat.eventsAfter(id, after, 100)]);

const viewOf = (chat: Chat) => {
  const after = Math.max(0, chat.position.index - 15);
  return { hash: chat.contentHash(), events: toldSince(chat, after) };
};

/** The disk fails when the machine reads this entry: whatever its batch did before must leave no trace. */
class FailingEntry implements LogEntry {
  readonly #entry: LogEntry;
  readonly #onRead: () => void;
  readonly index: number;
  readonly at: number;
  readonly id: string;
  readonly hash: Uint8Array;
  readonly kind: LogEntry['kind'];
  readonly epoch: number;
  constructor(entry: LogEntry, onRead: () => void) {
    ({ index: this.index, at: this.at, id: this.id, hash: this.hash, kind: this.kind } = entry);
    this.epoch = entry.epoch;
    this.#entry = entry;
    this.#onRead = onRead;
  }
  get body(): Uint8Array {
    this.#onRead();
    return this.#entry.body;
  }
}

/** As SQLite says it (`SQLITE_IOERR`): after this, the machine must stop. */
const diskFailure = (): Error => Object.assign(new Error('disk I/O error'), { errcode: 10 });

class CrashCheck {
  readonly #entries: readonly RetriedEntry[];
  readonly #next: (below: number) => number;
  readonly #folder: string;
  readonly #steady: readonly Applied[];
  readonly #expected: Expected;
  #path: string;
  #files = 0;
  steps = 0;
  crashes = 0;

  constructor(seed: number, folder: string) {
    this.#entries = retriedLog(seed, commands, retention.outcomesKeptPositions);
    this.#next = numbersFrom(`crashes ${seed}`);
    this.#folder = folder;
    this.#path = this.#newPath();
    [this.#steady, this.#expected] = this.#runSteadily();
  }

  get retries(): number {
    return this.#entries.filter(({ of }) => of !== null).length;
  }

  #newPath(): string {
    return join(this.#folder, `chat-${this.#files++}.db`);
  }

  /** One to five entries, or up to the end. */
  #cell(from: number): readonly RetriedEntry[] {
    return this.#entries.slice(from, from + 1 + this.#next(5));
  }

  #runSteadily(): [Applied[], Expected] {
    const chat = openChat(':memory:', retention);
    const applied: Applied[] = [];
    const expected = new Map([[0, viewOf(chat)]]);
    for (let at = 0; at < this.#entries.length; at = chat.position.index) {
      const cell = this.#cell(at);
      applied.push(...chat.apply(cell));
      this.steps += cell.length;
      expected.set(chat.position.index, viewOf(chat));
    }
    chat.close();
    return [applied, expected];
  }

  run(): void {
    judgeRetries(this.#entries, this.#steady, retention);
    judgeReactions(this.#steady);
    for (let life = 0; life < livesMax; life++) this.#live(life === livesMax - 1 ? null : this.#next(4));
  }

  /** One life of the machine that crashes: from what it finds, some batches on, to its end; the last one to the log's. */
  #live(end: number | null): void {
    const chat = openChat(this.#path, retention);
    try {
      this.#compare(chat, 'at its start');
      const batches = end === null ? Number.POSITIVE_INFINITY : this.#next(8);
      for (let batch = 0; batch < batches && chat.position.index < this.#entries.length; batch++) {
        this.#apply(chat, this.#batch(chat.position.index));
        this.#compare(chat, 'after a batch');
      }
      if (end === null || end === 0) return;
      this.crashes++;
      if (end === 1) this.#failWithin(chat);
      else this.#crash(end === 2 ? 'kill' : 'power-loss');
    } finally {
      chat.close();
    }
  }

  #crash(crash: Crash): void {
    const path = this.#newPath();
    crashedFiles(this.#path, path, crash, this.#next);
    this.#path = path;
  }

  /** A batch that ends where the other machine was looked at: after one entry or several cells of it. */
  #batch(from: number): readonly RetriedEntry[] {
    let cells = 1 + this.#next(4);
    let upto = from;
    while (cells > 0 && upto < this.#entries.length) if (this.#expected.has(++upto)) cells--;
    return this.#entries.slice(from, upto);
  }

  #apply(chat: Chat, entries: readonly RetriedEntry[]): void {
    const applied = chat.apply(entries);
    this.steps += entries.length;
    const indices = new Set(entries.map(({ index }) => index));
    const expected = this.#steady.filter(({ index }) => indices.has(index));
    for (const [at, one] of expected.entries()) {
      if (isDeepStrictEqual(applied[at], one)) continue;
      const rule = this.#entries[one.index - 1]?.of === null ? 'R20' : 'R12';
      const [said, other] = [applied[at], one].map((each) => JSON.stringify(each));
      throw new Violation(rule, `entry ${one.index} came to ${said}, and without a crash to ${other}`);
    }
  }

  #compare(chat: Chat, when: string): void {
    const { index } = chat.position;
    const expected = this.#expected.get(index);
    if (expected === undefined) throw new Violation('R11', `${when} the position is ${index}, where no batch ended`);
    const { hash, events } = viewOf(chat);
    if (hash !== expected.hash) throw new Violation('R11', `${when} the content at ${index} is not that of the log`);
    if (!isDeepStrictEqual(events, expected.events)) {
      throw new Violation('R17', `${when} who comes back at ${index} is not told what the log says`);
    }
  }

  /** The disk fails within a batch, and the process is killed for it: what is on the disk then is the next life's. */
  #failWithin(chat: Chat): void {
    const batch = this.#batch(chat.position.index);
    const commands = batch.filter(({ kind }) => kind === 'command');
    const failing = commands[this.#next(Math.max(1, commands.length))];
    if (failing === undefined) {
      this.#crash('kill');
      return;
    }
    let crashed = false;
    const crash = (): never => {
      if (!crashed) this.#crash('kill');
      crashed = true;
      throw diskFailure();
    };
    try {
      chat.apply(batch.map((entry) => (entry === failing ? new FailingEntry(entry, crash) : entry)));
    } catch (error) {
      if (!crashed) throw error;
      return;
    }
    throw new Violation('R16', `the disk failed at entry ${failing.index}, and the batch was applied all the same`);
  }
}

/** Runs one seed. */
export const checkCrashes = (seed: number): CrashCheckResult => {
  const folder = mkdtempSync(join(tmpdir(), 'estafet-crash-'));
  let check: CrashCheck | null = null;
  let violation: CrashCheckResult['violation'] = null;
  try {
    check = new CrashCheck(seed, folder);
    check.run();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const rule = error instanceof Violation ? error.rule : 'R11';
    violation = { rule, message: `${rule}: ${error.message}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const { steps = 0, crashes = 0, retries = 0 } = check ?? {};
  return { seed, steps, crashes, retries, violation };
};
