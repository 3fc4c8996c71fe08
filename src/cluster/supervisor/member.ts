/**
 * One server of a cluster, as its supervisor holds it: what was planned, the process that is it now, and whether that
 * serves. It decides nothing; `supervision.ts` does.
 */
import { join } from 'node:path';
import type { PlannedServer } from './plan.ts';
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

export class Member {
  readonly planned: PlannedServer;
  readonly process: ServerProcess;
  /** Whether it has been found to serve, since its process was started. */
  ready = false;
  lastDeath: Death | null = null;

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
    });
  }

  get name(): string {
    return this.planned.name;
  }

  get url(): string {
    return this.planned.url;
  }
}
