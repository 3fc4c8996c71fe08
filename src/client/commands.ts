/**
 * Commands on their way: writes them in order while online, sends what is unanswered again, and settles each promise
 * exactly once. The order and the states are `outgoing.ts`'s; here are the promises, the timer and the outbox.
 *
 * A command is sent by nobody but the person who made it. When the session ends, or another person signs in, what a
 * lasting outbox keeps is set aside until its person is back; what is in memory only is refused.
 */
import {
  type ClientCommandKind,
  type ClientFrame,
  type DoneFrame,
  type ErrorCode,
  type ErrorFrame,
  EstafetError,
  limits,
  retryable,
} from '../protocol/index.ts';
import { checkCommand } from './check-command.ts';
import type { Result } from './common-types.ts';
import type { Outbox, OutboxEntry } from './outbox.ts';
import { Outgoing } from './outgoing.ts';
import type { CommandProgress, PendingCommand } from './types.ts';

export interface CommandsOptions {
  readonly outbox: Outbox;
  /** Writes a frame; false when not online. */
  write(frame: ClientFrame): boolean;
  /** Bytes written and not yet handed to the network. */
  bufferedBytes(): number;
  /** Who is signed in, or was last time, if known. */
  by(): string | null;
  progress(step: CommandProgress): void;
  /** The outbox failed. */
  failed(error: unknown): void;
}

interface Promised {
  readonly promise: Promise<Result>;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: EstafetError) => void;
}

type Gate = 'offline' | 'online' | { readonly refusal: EstafetError };

export class Commands {
  readonly #options: CommandsOptions;
  readonly #outgoing = new Outgoing();
  readonly #promises = new Map<string, Promised>();
  /** Ids of those that are in a lasting outbox. */
  readonly #kept = new Set<string>();
  /** Of people who are not signed in now, by id, in order. */
  readonly #aside = new Map<string, OutboxEntry>();
  #gate: Gate = 'offline';
  /** Who was last welcomed. */
  #you: string | null = null;
  /** Entries of an earlier run go first: nothing is sent before they are here. */
  #loaded = false;
  #early: OutboxEntry[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #retries = 0;
  #outboxWork: Promise<void>;
  #closed = false;

  constructor(options: CommandsOptions) {
    this.#options = options;
    this.#outboxWork = this.#load();
    options.outbox.watch?.((entries) => {
      if (this.#closed) return;
      this.#restore(entries);
      this.#pump();
    });
  }

  get pending(): readonly PendingCommand[] {
    const items = this.#outgoing.all().map(({ entry, sent }) => this.#step(entry, sent ? 'sent' : 'pending'));
    return [...items, ...this.#early.map((entry) => this.#step(entry, 'pending'))];
  }

  /** Whether commands wait for their answer on the wire. */
  get waiting(): boolean {
    return this.#outgoing.onWire > 0;
  }

  /** Takes a command. Rejects at once with `bad-id`, `too-large`, `overloaded`, or what closed or signed out the client. */
  do(kind: ClientCommandKind, body: unknown, id: string): Promise<Result> {
    const known = this.#promises.get(id);
    if (known !== undefined) return known.promise;
    const taken = this.#check(kind, body, id);
    if (taken instanceof EstafetError) return Promise.reject(taken);
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    this.#promises.set(id, { promise, resolve, reject });
    // The same id as one of an earlier run: that one's answer is this one's.
    if (this.#outgoing.has(id) || this.#aside.has(id)) return promise;
    const entry: OutboxEntry = { ...taken, by: this.#options.by() };
    this.#store(async () => {
      await this.#options.outbox.add(entry);
      this.#nowKept(entry);
    });
    if (this.#loaded) this.#outgoing.add(entry);
    else this.#early.push(entry);
    this.#report(entry, 'pending');
    this.#pump();
    return promise;
  }

  /** A server took the hello for this person. Commands of somebody else are not this one's to send. */
  online(you: string): void {
    this.#gate = 'online';
    this.#you = you;
    this.#retries = 0;
    this.#release();
    this.#setAside(you);
    this.#bringBack(you);
    this.#pump();
  }

  /** The socket died. */
  offline(): void {
    if (this.#gate === 'online') this.#gate = 'offline';
    this.#clearTimer();
    for (const entry of this.#outgoing.lost()) this.#report(entry, 'pending');
  }

  /** There may be a session again. */
  reopen(): void {
    if (typeof this.#gate === 'object') this.#gate = 'offline';
  }

  /**
   * The session is over: refuses with this code what comes after it, and what waits. What is in a lasting outbox waits on
   * for its person, unless they left by themselves (`leaving`): who signs out leaves nothing behind.
   */
  refuseAll(code: ErrorCode, leaving: boolean): void {
    const error = new EstafetError(code);
    this.#gate = { refusal: error };
    this.#clearTimer();
    this.#takeEarly();
    for (const { entry } of this.#outgoing.all()) {
      if (leaving || entry.by === null || !this.#putAside(entry)) this.#refuse(entry.id, error);
    }
  }

  /** Rejects what is left; a lasting outbox keeps it for the next run. */
  close(): void {
    this.#gate = { refusal: new EstafetError('shutting-down', 'This client has been closed.') };
    this.#clearTimer();
    this.#takeEarly();
    this.#closed = true;
    for (const id of this.#aside.keys()) {
      this.#take(id)?.reject(new EstafetError('unknown', `The client was closed before command ${id} was answered.`));
    }
    this.#aside.clear();
    this.#store(() => this.#options.outbox.close?.());
    for (const { entry, written } of this.#outgoing.all()) {
      this.#outgoing.settle(entry.id);
      const error = written
        ? new EstafetError('unknown', `The client was closed before command ${entry.id} was answered.`)
        : new EstafetError('shutting-down', `The client was closed before command ${entry.id} was sent.`);
      this.#take(entry.id)?.reject(error);
    }
  }

  done(frame: DoneFrame): void {
    const { id, index, outcome, stored } = frame;
    if (!outcome.ok) {
      this.#refuse(id, new EstafetError(outcome.code));
      return;
    }
    const entry = this.#settle(id);
    if (entry === null) return;
    this.#retries = 0;
    this.#take(id)?.resolve({ id, index, outcome, stored });
    this.#options.progress({ ...this.#step(entry, 'sent'), state: 'done', index, stored });
    this.#pump();
  }

  /** A server could not take a command, or does not know its end. */
  error(frame: ErrorFrame & { readonly id: string }): void {
    if (!retryable.has(frame.code)) {
      this.#refuse(frame.id, new EstafetError(frame.code, frame.message));
      return;
    }
    const entry = this.#outgoing.postpone(frame.id);
    if (entry === null) return;
    this.#report(entry, 'pending');
    if (this.#timer !== undefined) return;
    const ceilingMs = Math.min(
      limits.clientBackoffCapMs,
      limits.clientBackoffBaseMs * 2 ** Math.min(this.#retries++, 20),
    );
    this.#timer = setTimeout(() => {
      this.#release();
      this.#pump();
    }, Math.random() * ceilingMs);
  }

  /** Writes what may be written. */
  #pump(): void {
    if (this.#gate !== 'online' || !this.#loaded) return;
    while (this.#options.bufferedBytes() < limits.socketBufferHighBytes) {
      const entry = this.#outgoing.next();
      if (entry === null) return;
      const { id, kind, body } = entry;
      if (!this.#options.write({ type: 'do', id, kind, body })) return;
      this.#report(entry, 'sent');
    }
  }

  /** Called now and then while online, so that a full buffer that has emptied is noticed. */
  tick(): void {
    this.#pump();
  }

  /** The command as it will be sent, or why it cannot be taken. */
  #check(kind: ClientCommandKind, body: unknown, id: string): Omit<OutboxEntry, 'by'> | EstafetError {
    if (typeof this.#gate === 'object') return this.#gate.refusal;
    if (this.#outgoing.size + this.#early.length < limits.clientOutboxMax) return checkCommand(kind, body, id);
    const detail = `${limits.clientOutboxMax} commands wait for their answer already; try again when some have it.`;
    return new EstafetError('overloaded', detail);
  }

  async #load(): Promise<void> {
    try {
      const entries = await this.#options.outbox.all();
      if (!this.#closed) this.#restore(entries);
    } catch (error) {
      this.#options.failed(error);
    }
    this.#takeEarly();
    this.#pump();
  }

  /** Takes commands that an earlier run, or another program, left in the outbox: before the new ones, and not fewer. */
  #restore(entries: readonly OutboxEntry[]): void {
    const lasting = this.#options.outbox.lasting === true;
    const known = this.#gate === 'online' ? this.#you : this.#options.by();
    for (const entry of entries) {
      if (this.#outgoing.has(entry.id) || this.#aside.has(entry.id)) continue;
      if (lasting) this.#kept.add(entry.id);
      this.#outgoing.add(entry);
      if (entry.by === null || entry.by === known) this.#report(entry, 'pending');
    }
    if (known !== null) this.#setAside(known);
    if (typeof this.#gate === 'object') this.refuseAll(this.#gate.refusal.code, false);
  }

  /** Takes out what is not this person's. */
  #setAside(you: string): void {
    for (const { entry } of this.#outgoing.all()) {
      if (entry.by === null || entry.by === you || this.#putAside(entry) || this.#gate !== 'online') continue;
      this.#refuse(entry.id, new EstafetError('session-ended', 'Whoever wrote this is no longer signed in here.'));
    }
  }

  /** Leaves a command to the outbox until its person is back; false when it is not kept there. */
  #putAside(entry: OutboxEntry): boolean {
    if (!this.#kept.has(entry.id)) return false;
    this.#outgoing.settle(entry.id);
    this.#aside.set(entry.id, entry);
    return true;
  }

  #bringBack(you: string): void {
    for (const [id, entry] of this.#aside) {
      if (entry.by !== you) continue;
      this.#aside.delete(id);
      this.#outgoing.add(entry);
      this.#report(entry, 'pending');
    }
  }

  /** The outbox has a command now, as it may be said where it still waits. */
  #nowKept(entry: OutboxEntry): void {
    if (this.#options.outbox.lasting !== true) return;
    const early = this.#early.includes(entry);
    if (!early && !this.#outgoing.has(entry.id)) return;
    this.#kept.add(entry.id);
    if (early || this.#outgoing.waits(entry.id)) this.#report(entry, 'pending');
  }

  #takeEarly(): void {
    this.#loaded = true;
    for (const entry of this.#early) if (!this.#outgoing.has(entry.id)) this.#outgoing.add(entry);
    this.#early = [];
  }

  /** One outbox operation after the other. */
  #store(work: () => void | Promise<void>): void {
    this.#outboxWork = this.#outboxWork.then(work).catch((error: unknown) => this.#options.failed(error));
  }

  #settle(id: string): OutboxEntry | null {
    const entry = this.#outgoing.settle(id);
    if (entry === null) return null;
    this.#kept.delete(id);
    this.#store(() => this.#options.outbox.remove(id));
    return entry;
  }

  #refuse(id: string, error: EstafetError): void {
    const entry = this.#settle(id);
    if (entry === null) return;
    this.#take(id)?.reject(error);
    this.#options.progress({ ...this.#step(entry, 'sent'), state: 'refused', code: error.code });
    this.#pump();
  }

  #take(id: string): Promised | undefined {
    const promised = this.#promises.get(id);
    this.#promises.delete(id);
    return promised;
  }

  #release(): void {
    this.#clearTimer();
    this.#outgoing.release();
  }

  #clearTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #step(entry: OutboxEntry, state: 'pending' | 'sent'): PendingCommand {
    const kept = this.#kept.has(entry.id) ? ({ kept: true } as const) : {};
    return { id: entry.id, kind: entry.kind, body: entry.body, state, ...kept };
  }

  #report(entry: OutboxEntry, state: 'pending' | 'sent'): void {
    this.#options.progress(this.#step(entry, state));
  }
}
