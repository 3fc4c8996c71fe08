/**
 * One server of a cluster, as its supervisor holds it: what was planned, the process that is it now, whether that
 * serves, and what is done to it. It decides nothing; `supervision.ts` and `orders.ts` do.
 */
import { join } from 'node:path';
import type { SupervisedView } from '../../protocol/index.ts';
import type { PlannedServer } from './plan.ts';
import type { ProcessMark } from './process-identity.ts';
import { type Death, newServerProcess, type ServerProcess } from './server-process.ts';

/** What the servers of one supervisor have in common. */
export interface MemberOptions {
  readonly data: string;
  /** Program and arguments of a server. */
  readonly commandOf: (planned: PlannedServer) => readonly [string, ...string[]];
  /** Arguments of a server's first start only. */
  readonly firstArgsOf: (name: string) => readonly string[];
  readonly onStart: (member: Member, pid: number) => void;
  readonly onDeath: (member: Member, death: Death, restartInMs: number) => void;
}

const after = (ms: number, act: () => void): void => {
  if (ms === 0) act();
  else setTimeout(act, ms);
};

export class Member {
  readonly planned: PlannedServer;
  readonly process: ServerProcess;
  /** Whether it has been found to serve, since its process was started. */
  ready = false;
  lastDeath: Death | null = null;
  /** The process that was paused on purpose. */
  #paused: ProcessMark | null = null;
  /** The process that has been told to end. */
  #leaving: ProcessMark | null = null;

  constructor(planned: PlannedServer, options: MemberOptions) {
    this.planned = planned;
    const { name } = planned;
    this.process = newServerProcess({
      name,
      command: options.commandOf(planned),
      firstArgs: options.firstArgsOf(name),
      folder: join(options.data, name),
      onStart: (pid) => options.onStart(this, pid),
      onDeath: (death, restartInMs) => {
        this.ready = false;
        this.lastDeath = death;
        options.onDeath(this, death, restartInMs);
      },
      onStop: () => {
        this.ready = false;
      },
    });
  }

  get name(): string {
    return this.planned.name;
  }

  get url(): string {
    return this.planned.url;
  }

  /** Whether its process was paused on purpose, and not resumed. */
  get isPaused(): boolean {
    return this.process.mark !== null && this.process.mark === this.#paused;
  }

  /** Whether it serves, and nobody has told it to stop. */
  get serves(): boolean {
    return this.ready && !this.isPaused && this.process.mark !== this.#leaving;
  }

  /** @param graceMs how long it may still do something; it counts as gone at once */
  kill(graceMs: number): void {
    const { mark } = this.process;
    this.#leaving = mark;
    after(graceMs, () => {
      if (this.process.mark === mark) this.process.signal('SIGKILL');
    });
  }

  /** @param graceMs how long it may still do something; it counts as paused at once */
  pause(graceMs: number): void {
    const { mark } = this.process;
    this.#paused = mark;
    after(graceMs, () => {
      if (this.isPaused && this.process.mark === mark) this.process.signal('SIGSTOP');
    });
  }

  resume(): void {
    this.#paused = null;
    this.process.signal('SIGCONT');
  }

  /** Ends its process in order; it stays away until it is started. */
  async stop(): Promise<void> {
    this.#leaving = this.process.mark;
    await this.process.stop();
  }

  get view(): SupervisedView {
    const { name, planned, process } = this;
    const { mark, startsAt } = process;
    const state = mark === null ? 'waiting' : this.isPaused ? 'paused' : this.ready ? 'running' : 'starting';
    return { name, port: planned.port, pid: mark?.pid ?? null, state, startsAt, added: planned.added };
  }
}
