/**
 * Takes commands to the log and brings their answers back. An answer is given when the command has been applied on this
 * server, so that whoever is answered also reads what they wrote. A waiting command is known by its id and its exact
 * bytes: what came of somebody else's command of the same id is no answer.
 */
import type { Applied, Chat } from '../chat/index.ts';
import type { Committed, ReplicatedLog } from '../log/index.ts';
import { type Command, EstafetError, encodeCommandBody, type Outcome } from '../protocol/index.ts';
import type { EdgeLimits } from './options.ts';

/** What became of a command: an outcome (a refusal is one too), or an error that leaves it undone or unknown. */
export type Answer =
  | { readonly kind: 'done'; readonly index: number; readonly outcome: Outcome; readonly stored: number }
  | { readonly kind: 'failed'; readonly error: EstafetError };

/** Where a command took effect, and whom or what it made. */
export interface Done {
  readonly index: number;
  readonly user: string | null;
  readonly room: string | null;
}

type Settle = (answer: Answer) => void;

interface Flight {
  readonly by: string;
  readonly body: Buffer;
  readonly sinceMs: number;
  readonly waiting: Settle[];
}

const failed = (error: EstafetError): Answer => ({ kind: 'failed', error });

/** Any failure as one with a stable code; what has none is an unknown end. */
const asEstafetError = (error: unknown): EstafetError =>
  error instanceof EstafetError ? error : new EstafetError('unknown', undefined, { cause: error });

export class Commands {
  readonly #log: ReplicatedLog;
  readonly #chat: Chat;
  readonly #limits: EdgeLimits;
  readonly #stored: () => number;
  readonly #flights = new Map<string, Flight>();
  readonly #sweeper: NodeJS.Timeout;
  #idle: (() => void) | null = null;
  #closing = false;

  /** `stored` says on how many servers' disks a committed command is. */
  constructor(log: ReplicatedLog, chat: Chat, limits: EdgeLimits, stored: () => number) {
    this.#log = log;
    this.#chat = chat;
    this.#limits = limits;
    this.#stored = stored;
    this.#sweeper = setInterval(() => this.#sweep(), 1_000).unref();
  }

  /** Sends a command, with the bytes that go with it; `settle` is called once, with its answer. */
  submit(command: Command, settle: Settle, chunk?: Uint8Array): void {
    const { id, by } = command;
    const bytes = encodeCommandBody(command, chunk);
    const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const maxBytes = chunk === undefined ? this.#limits.commandMaxBytes : this.#limits.entryMaxBytes;
    const same = this.#flights.get(id);
    if (this.#closing) settle(failed(new EstafetError('shutting-down')));
    else if (body.length > maxBytes) settle(failed(new EstafetError('too-large')));
    else if (same !== undefined && !same.body.equals(body)) settle(failed(new EstafetError('id-reused')));
    else if (same !== undefined) same.waiting.push(settle);
    else if (this.#flights.size >= this.#limits.pendingCommandsMax) settle(failed(new EstafetError('overloaded')));
    else this.#send(id, { by, body, sinceMs: performance.now(), waiting: [settle] });
  }

  /** Sends a command and resolves with where it took effect. Rejects with an `EstafetError`, also when it is refused. */
  async run(command: Command, chunk?: Uint8Array): Promise<Done> {
    const answer = await new Promise<Answer>((resolve) => this.submit(command, resolve, chunk));
    if (answer.kind === 'failed') throw answer.error;
    if (!answer.outcome.ok) throw new EstafetError(answer.outcome.code);
    return { index: answer.index, user: answer.outcome.user ?? null, room: answer.outcome.room ?? null };
  }

  /** Answers those whose commands have been applied. */
  settle(entries: readonly Committed[], applied: readonly Applied[]): void {
    if (this.#flights.size === 0) return;
    const first = entries[0]?.index ?? 0;
    for (const { index, id, outcome, firstIndex } of applied) {
      const flight = this.#flights.get(id);
      const entry = entries[index - first];
      if (flight === undefined || entry === undefined || !flight.body.equals(entry.body)) continue;
      this.#end(id, flight, { kind: 'done', index: firstIndex, outcome, stored: this.#stored() });
    }
  }

  /** Takes nothing more, and waits up to `maxMs` for what is under way; the end of the rest is then unknown. */
  async close(maxMs: number): Promise<void> {
    this.#closing = true;
    if (this.#flights.size > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#idle = resolve;
      const timer = setTimeout(resolve, maxMs);
      await promise;
      clearTimeout(timer);
    }
    clearInterval(this.#sweeper);
    this.failAll(new EstafetError('unknown'));
  }

  /** Answers everybody who waits with `error`. */
  failAll(error: EstafetError): void {
    for (const [id, flight] of this.#flights) this.#end(id, flight, failed(error));
  }

  #send(id: string, flight: Flight): void {
    this.#flights.set(id, flight);
    this.#log.append({ id, body: flight.body }).then(
      (entry) => this.#committed(id, flight, entry),
      (error) => this.#end(id, flight, failed(asEstafetError(error))),
    );
  }

  /** Usually the answer comes from applying; here are the cases in which that will not happen any more. */
  #committed(id: string, flight: Flight, entry: Committed): void {
    if (this.#flights.get(id) !== flight) return;
    if (!flight.body.equals(entry.body)) this.#end(id, flight, failed(new EstafetError('id-reused')));
    else if (entry.index <= this.#chat.position.index) {
      const first = this.#chat.outcome(id, flight.by);
      if (first === null) this.#end(id, flight, failed(new EstafetError('id-too-old')));
      else this.#end(id, flight, { kind: 'done', ...first, stored: this.#stored() });
    }
  }

  #end(id: string, flight: Flight, answer: Answer): void {
    if (this.#flights.get(id) !== flight) return;
    this.#flights.delete(id);
    for (const settle of flight.waiting) settle(answer);
    if (this.#flights.size === 0) this.#idle?.();
  }

  /** The log answers within its own deadline; this is for what was committed and is not applied here in time. */
  #sweep(): void {
    const oldestMs = performance.now() - this.#limits.appendDeadlineMs * 2;
    for (const [id, flight] of this.#flights) {
      if (flight.sinceMs > oldestMs) return;
      this.#end(id, flight, failed(new EstafetError('unknown')));
    }
  }
}
