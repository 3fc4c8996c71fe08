/**
 * Brings what the log has committed into the chat machine, a slice a turn of the event loop, and hands the results on.
 * It is the only one who calls `chat.apply`. A turn is whole: when it ends, the database is at `upto` and every live
 * socket has been told, so whoever looks between turns sees one position everywhere.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Applied, Chat } from '../chat/index.ts';
import type { Committed, ReplicatedLog } from '../log/index.ts';
import type { Kept, Shelf } from './files/shelf.ts';
import { agrees } from './open-chat.ts';
import type { EdgeLimits } from './options.ts';

/** The entries after `before` up to `upto`, and what came of them, one `Applied` a command. */
export interface Turn {
  readonly before: number;
  readonly upto: number;
  readonly entries: readonly Committed[];
  readonly applied: readonly Applied[];
}

interface Wait {
  readonly index: number;
  readonly settle: (reached: boolean) => void;
}

/** The chat database was made from other entries than the log's. */
export class OtherHistory extends Error {
  constructor(index: number) {
    super(`the chat database has another history at ${index} than the log; it is made again at the next start`);
    this.name = 'OtherHistory';
  }
}

export class Applier {
  readonly #log: ReplicatedLog;
  readonly #chat: Chat;
  readonly #shelf: Shelf;
  readonly #limits: EdgeLimits;
  readonly #onTurn: (turn: Turn) => void;
  readonly #onInstalled: () => void;
  #waits: Wait[] = [];
  #stopped = false;

  /** @param onInstalled the chat has just become a later one, by a snapshot, without turns in between */
  constructor(
    log: ReplicatedLog,
    chat: Chat,
    shelf: Shelf,
    limits: EdgeLimits,
    onTurn: (turn: Turn) => void,
    onInstalled: () => void,
  ) {
    this.#log = log;
    this.#chat = chat;
    this.#shelf = shelf;
    this.#limits = limits;
    this.#onTurn = onTurn;
    this.#onInstalled = onInstalled;
  }

  /** Applies for as long as the log goes on. Rejects when the chat machine cannot write: then nothing is served rightly. */
  async run(): Promise<void> {
    let isFirst = true;
    const install = (path: string): Promise<void> => this.#install(path);
    for await (const batch of this.#log.follow(this.#chat.position.index, install)) {
      // What precedes a committed entry is committed: now the log can tell whether it is what the database was made of.
      if (isFirst && !agrees(this.#chat, this.#log)) throw new OtherHistory(this.#chat.position.index);
      isFirst = false;
      for (let from = 0; from < batch.length; ) {
        const slice = this.#slice(batch, from);
        from += slice.length;
        if (this.#stopped) return;
        await this.#apply(slice);
        if (this.#stopped) return;
        // What is committed meanwhile becomes one batch, and one frame a room.
        await nextTurn();
      }
    }
  }

  stop(): void {
    this.#stopped = true;
    for (const wait of this.#waits.splice(0)) wait.settle(false);
  }

  /** Whether the entry at `index` is applied here within `maxMs`. */
  whenApplied(index: number, maxMs: number): Promise<boolean> {
    if (this.#chat.position.index >= index) return Promise.resolve(true);
    if (this.#stopped) return Promise.resolve(false);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const settle = (reached: boolean) => {
      clearTimeout(timer);
      resolve(reached);
    };
    const wait: Wait = { index, settle };
    const timer = setTimeout(() => {
      this.#waits = this.#waits.filter((other) => other !== wait);
      resolve(false);
    }, maxMs);
    this.#waits.push(wait);
    return promise;
  }

  #slice(batch: readonly Committed[], from: number): readonly Committed[] {
    const end = Math.min(batch.length, from + this.#limits.applySliceEntries);
    let bytes = 0;
    let upto = from;
    do bytes += batch[upto++]?.body.length ?? 0;
    while (upto < end && bytes < this.#limits.applySliceMaxBytes);
    return from === 0 && upto === batch.length ? batch : batch.slice(from, upto);
  }

  async #install(path: string): Promise<void> {
    await this.#chat.install(path);
    this.#onInstalled();
    this.#settleWaits();
  }

  /** Only files make it wait: what has none is applied at once. */
  async #apply(entries: readonly Committed[]): Promise<void> {
    if (!this.#shelf.hasChunks(entries)) {
      this.#tell(entries, this.#chat.apply(entries), null);
      return;
    }
    const kept = await this.#shelf.keep(entries);
    if (!this.#stopped) this.#tell(entries, this.#chat.apply(kept.entries), kept);
  }

  #tell(entries: readonly Committed[], applied: readonly Applied[], kept: Kept | null): void {
    const before = (entries[0]?.index ?? 1) - 1;
    const upto = this.#chat.position.index;
    this.#onTurn({ before, upto, entries, applied });
    this.#shelf.settle(applied, kept);
    this.#settleWaits();
  }

  #settleWaits(): void {
    if (this.#waits.length === 0) return;
    const upto = this.#chat.position.index;
    const reached = this.#waits.filter((wait) => wait.index <= upto);
    this.#waits = this.#waits.filter((wait) => wait.index > upto);
    for (const wait of reached) wait.settle(true);
  }
}
