/** A machine of the virtual cluster: its disk, which lasts, and the process that runs on it at the moment, which does not. */
import type { Input } from '../replica/effects.ts';
import type { LogWindow } from '../replica/log-window.ts';
import type { Replica } from '../replica/replica.ts';
import { VirtualDisk } from './virtual-disk.ts';

/** One life of a replica: everything in here is gone when it dies. */
export interface Process {
  readonly replica: Replica;
  readonly window: LogWindow;
  /** Commands of this server's clients that wait for their answer. */
  readonly waiting: Set<string>;
  givenOut: number;
  paused: boolean;
  resumedAtMs: number;
  /** What happened while it was paused. */
  backlog: Input[];
  diskFreeAtMs: number;
}

export class Node {
  readonly name: string;
  disk: VirtualDisk;
  process: Process | null = null;
  /** How many processes and logs this node has had. */
  lives = 0;
  /** How far its clock is from the right time; another with each process. */
  clockErrorMs = 0;

  constructor(name: string) {
    this.name = name;
    this.disk = new VirtualDisk(`${name}-log-0`);
  }
}
