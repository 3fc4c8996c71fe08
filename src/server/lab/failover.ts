/**
 * Experiment 6: sends by both methods from a backup that lives on, kills the primary meanwhile, and counts. Direct are
 * best-effort casts to the primary and back. PubSub are numbered requests in the log: commands that ask for nothing but
 * to be processed, so that no room and nobody's unread messages change, and the map of the cluster shows who processed
 * them. What was acknowledged is looked for among the commands that took effect on this server.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { ReplicatedLog } from '../../log/index.ts';
import { EstafetError, type LabFailoverRequest, newCommandId, retryable, systemUser } from '../../protocol/index.ts';
import type { Control } from '../cluster/control.ts';
import type { Commands } from '../commands.ts';
import type { EdgeLimits } from '../options.ts';
import type { DirectMessages } from './failover-direct.ts';
import { MethodFigures } from './failover-figures.ts';

export interface FailoverTools {
  readonly log: ReplicatedLog;
  readonly commands: Commands;
  readonly control: Pick<Control, 'act'>;
  readonly direct: DirectMessages;
  readonly limits: Pick<
    EdgeLimits,
    'labFailoverTickMs' | 'labFailoverGraceMs' | 'labFailoverSettleMs' | 'labFailoverRetryMs'
  >;
}

export class Failover {
  readonly direct = new MethodFigures(false);
  readonly pubsub = new MethodFigures(true);
  readonly request: LabFailoverRequest;
  killed: string | null = null;
  /** When the order to kill was given: ms since 1970. */
  killedAt: number | null = null;
  primaryAfter: string | null = null;
  readonly #tools: FailoverTools;
  readonly #by: string;
  readonly #signal: AbortSignal;
  readonly #stopping = new AbortController();
  readonly #startedMs = performance.now();
  /** By the id of its command. */
  readonly #numbers = new Map<string, number>();
  #killedMs: number | null = null;
  #sendingEndedMs: number | null = null;

  constructor(tools: FailoverTools, request: LabFailoverRequest, by: string, signal: AbortSignal) {
    this.#tools = tools;
    this.request = request;
    this.#by = by;
    this.#signal = AbortSignal.any([signal, this.#stopping.signal]);
  }

  /** Milliseconds since it began. */
  get #nowMs(): number {
    return performance.now() - this.#startedMs;
  }

  /** What has been counted so far. */
  view() {
    const endMs = this.#sendingEndedMs ?? this.#nowMs;
    const tenths = this.request.seconds * 10;
    return {
      killed: this.killed,
      killedAt: this.killedAt,
      primaryAfter: this.primaryAfter,
      direct: this.direct.view(this.#killedMs, endMs),
      pubsub: this.pubsub.view(this.#killedMs, endMs),
      directByTenth: this.direct.byTenth(tenths),
      pubsubByTenth: this.pubsub.byTenth(tenths),
    };
  }

  /** A command has taken effect here. */
  applied(id: string): void {
    const number = this.#numbers.get(id);
    if (number !== undefined) this.pubsub.arrived(number, this.#nowMs);
  }

  /** Runs to its end. Rejects with why the primary could not be killed, or with the signal's reason. */
  async run(): Promise<void> {
    const { log, direct } = this.#tools;
    const id = newCommandId();
    const ends = [
      direct.listen(id, (number) => this.direct.arrived(number, this.#nowMs)),
      log.onTopology(({ primary }) => this.#led(primary)),
      // The replica gives everything that is not committed to the next primary, under the same ids.
      log.onTrace(({ what }) => {
        if (what === 'primary-lost') for (const number of this.pubsub.waiting) this.pubsub.retried(number);
      }),
    ];
    try {
      await Promise.all([this.#send(id), this.#kill()]);
      await this.#settled();
    } finally {
      this.#stopping.abort();
      for (const end of ends) end();
    }
  }

  #led(primary: string | null): void {
    if (this.killed !== null && primary !== null && primary !== this.killed) this.primaryAfter ??= primary;
  }

  async #send(id: string): Promise<void> {
    const { perSecond, seconds } = this.request;
    const of = perSecond * seconds;
    for (let number = 0; number < of; ) {
      const due = Math.min(of, Math.floor((this.#nowMs * perSecond) / 1_000) + 1);
      for (; number < due; number++) {
        this.direct.sent(number);
        this.#tools.direct.send(id, number);
        this.pubsub.sent(number);
        this.#request(number, newCommandId());
      }
      await pause(this.#tools.limits.labFailoverTickMs, undefined, { signal: this.#signal });
    }
    this.#sendingEndedMs = this.#nowMs;
  }

  /** Sends a command until it is answered: always the same one, which has one effect. */
  #request(number: number, id: string): void {
    this.#numbers.set(id, number);
    const command = { id, by: systemUser, kind: 'request.run', body: { user: this.#by } } as const;
    const send = (): void =>
      this.#tools.commands.submit(command, (answer) => {
        // What comes of it after the end is not looked at: neither is what takes effect.
        if (this.#stopping.signal.aborted) return;
        if (answer.kind === 'done') {
          this.pubsub.answered(number, answer.outcome.ok ? 'acknowledged' : 'refused');
        } else if (retryable.has(answer.error.code) && !this.#isOver) {
          this.pubsub.retried(number);
          setTimeout(() => this.#stopping.signal.aborted || send(), this.#tools.limits.labFailoverRetryMs).unref();
        }
      });
    send();
  }

  async #kill(): Promise<void> {
    const { seconds, killAfterMs = Math.round((seconds * 1_000) / 3) } = this.request;
    const { log, control } = this.#tools;
    await pause(killAfterMs, undefined, { signal: this.#signal });
    const { primary, self } = log.topology();
    if (primary === null || primary === self) {
      throw new EstafetError('not-possible', 'The primary’s role moved before it was to be killed; try again.');
    }
    this.killed = primary;
    this.killedAt = Date.now();
    this.#killedMs = this.#nowMs;
    try {
      await control.act({ action: 'kill', server: primary }, this.#by);
    } catch (error) {
      [this.killed, this.killedAt, this.#killedMs] = [null, null, null];
      throw error;
    }
  }

  get #isOver(): boolean {
    const { labFailoverSettleMs } = this.#tools.limits;
    return this.#sendingEndedMs !== null && this.#nowMs > this.#sendingEndedMs + labFailoverSettleMs;
  }

  /** Waits for what may still come: what was sent last by Direct, and every acknowledgement that is out. */
  async #settled(): Promise<void> {
    const { labFailoverGraceMs, labFailoverTickMs } = this.#tools.limits;
    await pause(labFailoverGraceMs, undefined, { signal: this.#signal });
    while (!this.#isOver && this.pubsub.waiting.length > 0) {
      await pause(labFailoverTickMs, undefined, { signal: this.#signal });
    }
  }
}
