/**
 * Looks after the files of this server by itself: once it has caught up, and again after a snapshot was installed, it
 * removes pieces that nothing refers to (a crash left them over) and gets those that are missing from the others; and
 * while it is primary, it has uploads given up that nobody goes on with.
 */
import type { Chat } from '../../chat/index.ts';
import { bringPieces, type PieceStore } from '../../files/index.ts';
import type { ReplicatedLog } from '../../log/index.ts';
import { newCommandId, systemUser } from '../../protocol/index.ts';
import type { Commands } from '../commands.ts';
import type { EdgeLimits, Logger } from '../options.ts';
import type { Shelf } from './shelf.ts';

interface Charge {
  readonly log: ReplicatedLog;
  readonly chat: Chat;
  readonly commands: Commands;
  readonly store: PieceStore;
  readonly shelf: Shelf;
  /** Folders of the other servers' pieces. */
  readonly siblings: () => readonly string[];
  readonly limits: EdgeLimits;
  readonly logger: Logger;
}

/** Pieces looked at before it is the event loop's turn. */
const pagePieces = 500;

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class Caretaker {
  readonly #charge: Charge;
  readonly #timers: readonly NodeJS.Timeout[];
  #isDue = true;
  #isBusy = false;
  #stopped = false;

  constructor(charge: Charge) {
    this.#charge = charge;
    const { limits } = charge;
    this.#timers = [
      setInterval(() => this.#look(), limits.filesLookIntervalMs).unref(),
      setInterval(() => this.#expire(), limits.uploadExpiryIntervalMs).unref(),
    ];
  }

  /** The chat has become that of a snapshot: what is on the disk is looked through again. */
  installed(): void {
    this.#isDue = true;
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearInterval(timer);
  }

  #look(): void {
    if (!this.#isDue || this.#isBusy || !this.#hasCaughtUp()) return;
    this.#isDue = false;
    this.#isBusy = true;
    this.#goThrough()
      .catch((error: unknown) => {
        if (!this.#stopped) this.#charge.logger.warn({ err: error }, 'the pieces of files could not be looked through');
      })
      .finally(() => {
        this.#isBusy = false;
      });
  }

  /** Before it has, what the others refer to may be here and seem to be of no use. */
  #hasCaughtUp(): boolean {
    const { log, chat } = this.#charge;
    const { self, primary, replicas } = log.topology();
    const own = replicas.find(({ name }) => name === self);
    return primary !== null && own?.inSync === true && chat.position.index >= own.committed;
  }

  async #goThrough(): Promise<void> {
    const { chat, store, shelf, logger } = this.#charge;
    let removed = 0;
    for await (const names of store.list()) {
      if (this.#stopped) return;
      const idle = names.filter((name) => !chat.hasPiece(name));
      if (idle.length > 0) await shelf.sweep(idle);
      removed += idle.length;
      await pause();
    }
    if (removed > 0) logger.info({ pieces: removed }, 'removed pieces of files that nothing refers to');
    await this.#bringMissing();
  }

  async #bringMissing(): Promise<void> {
    const { chat, store, siblings, logger } = this.#charge;
    for (let after = ''; !this.#stopped; ) {
      const page = chat.pieces(after, pagePieces);
      const last = page.at(-1);
      if (last === undefined) return;
      after = last.hash;
      const lacking: string[] = [];
      for (const { hash, size } of page) if (!(await store.has(hash, size))) lacking.push(hash);
      if (lacking.length === 0) continue;
      const { brought, missing } = await bringPieces(store, siblings(), lacking);
      if (brought.length > 0) logger.warn({ pieces: brought.length }, 'got missing pieces of files from other servers');
      const lost = missing.filter((hash) => chat.hasPiece(hash));
      if (lost.length > 0) logger.error({ pieces: lost }, 'pieces of files are on no server’s disk any more');
    }
  }

  #expire(): void {
    const { log, chat, commands, limits } = this.#charge;
    const { self, primary } = log.topology();
    const before = Date.now() - limits.uploadExpiryMs;
    if (self !== primary || !chat.isAnythingUnusedSince(before)) return;
    // If it fails, it is tried again at the next look.
    commands.submit({ id: newCommandId(), by: systemUser, kind: 'upload.expire', body: { before } }, () => {});
  }
}
