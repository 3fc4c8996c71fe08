/** A machine of the virtual cluster: its disk, which lasts, and the process that runs on it at the moment, which does not. */
import type { NewEntry } from '../../log.ts';
import type { Input } from '../replica/effects.ts';
import type { ReplicaStatus } from '../replica/replica.ts';
import type { ProcessId } from './process-table.ts';
import { VirtualDisk } from './virtual-disk.ts';

/** One life of a replica, seen from outside. */
export interface Process {
  readonly name: string;
  readonly id: ProcessId;
  readonly status: ReplicaStatus;
  /** Commands of this server's clients that wait for their answer, and since when. */
  readonly waiting: ReadonlyMap<string, number>;
  /** Who is at the other end of each link. */
  readonly peers: Map<string, ProcessId>;
  /** Up to here it has given entries out as committed. */
  readonly givenOut: number;
  paused: boolean;
  readonly resumedAtMs: number;
  /** Until when it was catching up: outside the in-sync set, and moving. */
  readonly behindUntilMs: number;
  input(input: Input): void;
  append(commands: readonly NewEntry[]): void;
  /** Goes on after a pause. */
  resume(): void;
  /** Takes note of whether it is still catching up. */
  look(isMember: boolean): void;
}

/** What is wrong with a place that is written to. */
export class Medium {
  fullUntilMs = 0;
  slowUntilMs = 0;
  slowTimes = 1;
  /** The next write fails; `there`: and yet it is on the disk. */
  failing: { readonly there: boolean } | null = null;

  /** Whether a write that ends now fails, and whether it is there all the same. */
  fails(nowMs: number): { readonly there: boolean } | null {
    const { failing } = this;
    this.failing = null;
    return nowMs < this.fullUntilMs ? { there: false } : failing;
  }

  /** How long a write takes that begins now and would usually take this long. What is slow is over when the slowness is. */
  takesMs(usualMs: number, nowMs: number): number {
    if (nowMs >= this.slowUntilMs) return usualMs;
    return Math.min(usualMs * this.slowTimes, this.slowUntilMs - nowMs + usualMs);
  }
}

export class Node {
  readonly name: string;
  readonly medium = new Medium();
  disk: VirtualDisk;
  process: Process | null = null;
  /** How many processes and logs this node has had. */
  lives = 0;
  /** How far its clock is from the right time; another with each process. */
  clockErrorMs = 0;
  /** Its process dies when it has done this many things more. */
  crash: { afterOutputs: number; readonly downMs: number } | null = null;
  /** Its process is paused for this long when it gains the lock. */
  pauseWithLockMs: number | null = null;

  constructor(name: string) {
    this.name = name;
    this.disk = new VirtualDisk(`${name}-log-0`);
  }
}
