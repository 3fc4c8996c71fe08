/**
 * Commands on their way: writes them in order while online, sends what is unanswered again, and settles each promise
 * exactly once. The order and the states are `outgoing.ts`'s; here are the promises, the timer and the outbox.
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
import type { Outbox, OutboxEntry } from './outbox.ts';
import { Outgoing } from './outgoing.ts';
import type { CommandProgress, PendingCommand, Result } from './types.ts';

export interface CommandsOptions {
  readonly outbox: Outbox;
  /** Writes a frame; false when not online. */
  write(frame: ClientFrame): boolean;
  /** Bytes written and not yet handed to the network. */
  bufferedBytes(): number;
  /** Who is signed in, if known. */
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
  #gate: Gate = 'offline';
  /** Who was last welcomed. */
  #you: string | null = null;
  /** Entries of an earlier run go first: nothing is sent before they are here. */
  #loaded = false;
  #early: OutboxEntry[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #retries = 0;
  #outboxWork: Promise<void>;

  constructor(options: CommandsOptions) {
    this.#options = options;
    this.#outboxWork = this.#load();
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
    if (this.#outgoing.has(id)) return promise;
    const entry: OutboxEntry = { ...taken, by: this.#options.by() };
    this.#store(() => this.#options.outbox.add(entry));
    if (this.#loaded) this.#outgoing.add(entry);
    else this.#early.push(entry);
    this.#report(entry, 'pending');
    this.#pump();
    return promise;
  }

  /** A server took the hello for this person. Commands of somebody else are refused: they are not this one's to send. */
  online(you: string): void {
    this.#gate = 'online';
    this.#you = you;
    this.#retries = 0;
    this.#release();
    this.#refuseForeign();
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

  /** The session is over: refuses everything with this code, and what comes after it. */
  refuseAll(code: ErrorCode): void {
    const error = new EstafetError(code);
    this.#gate = { refusal: error };
    this.#clearTimer();
    this.#takeEarly();
    for (const { entry } of this.#outgoing.all()) this.#refuse(entry.id, error);
  }

  /** Rejects what is left; a lasting outbox keeps it for the next run. */
  close(): void {
    this.#gate = { refusal: new EstafetError('shutting-down', 'This client has been closed.') };
    this.#clearTimer();
    this.#takeEarly();
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
      for (const entry of await this.#options.outbox.all()) if (!this.#outgoing.full) this.#outgoing.add(entry);
    } catch (error) {
      this.#options.failed(error);
    }
    this.#takeEarly();
    this.#refuseForeign();
    this.#pump();
  }

  #refuseForeign(): void {
    if (this.#gate !== 'online') return;
    for (const { entry } of this.#outgoing.all()) {
      if (entry.by === null || entry.by === this.#you) continue;
      this.#refuse(entry.id, new EstafetError('session-ended', 'Whoever wrote this is no longer signed in here.'));
    }
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
    if (entry !== null) this.#store(() => this.#options.outbox.remove(id));
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
    return { id: entry.id, kind: entry.kind, body: entry.body, state };
  }

  #report(entry: OutboxEntry, state: 'pending' | 'sent'): void {
    this.#options.progress(this.#step(entry, state));
  }
}
