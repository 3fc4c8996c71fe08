/**
 * Direct messages of experiment 6: best-effort casts to the primary, which casts each back to whoever sent it. One that
 * comes back has come through the primary; nobody keeps one or sends it again. Every server listens, because any may be
 * primary.
 */
import { Type } from 'typebox';
import type { ReplicatedLog, Unsubscribe } from '../../log/index.ts';
import { castOf } from '../checks.ts';

const topic = 'lab-direct';
const Message = Type.Object({
  run: Type.String({ maxLength: 64 }),
  number: Type.Integer({ minimum: 0 }),
  /** Of one that comes back: to whom. */
  to: Type.Optional(Type.String()),
});
const read = castOf(Message);
const write = (message: object): Buffer => Buffer.from(JSON.stringify(message));

type Handler = (number: number) => void;

export class DirectMessages {
  readonly #log: ReplicatedLog;
  readonly #runs = new Map<string, Handler>();
  readonly #unsubscribe: Unsubscribe;

  constructor(log: ReplicatedLog) {
    this.#log = log;
    this.#unsubscribe = log.onCast((of, body, from) => {
      const message = of === topic ? read(body) : null;
      if (message === null) return;
      const { run, number, to } = message;
      const { self, primary } = log.topology();
      if (to === self) this.#runs.get(run)?.(number);
      else if (to === undefined && primary === self) log.cast(topic, write({ run, number, to: from }));
    });
  }

  /** Has `onBack` told of each message of a run that comes back. */
  listen(run: string, onBack: Handler): Unsubscribe {
    this.#runs.set(run, onBack);
    return () => this.#runs.delete(run);
  }

  /** Sends one. Where this server is the primary itself, it has come through it at once. */
  send(run: string, number: number): void {
    const { self, primary } = this.#log.topology();
    if (primary === self) this.#runs.get(run)?.(number);
    else this.#log.cast(topic, write({ run, number }));
  }

  stop(): void {
    this.#unsubscribe();
    this.#runs.clear();
  }
}
