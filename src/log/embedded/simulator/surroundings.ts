/** What the process of a replica has around it, and may ask of it. The world is that. */
import type { EngineFault, Trace } from '../../log.ts';
import type { ReplicaConfig } from '../replica/core.ts';
import type { Now, Output } from '../replica/effects.ts';
import type { Agenda } from './agenda.ts';
import type { Checker } from './checker.ts';
import type { Liveness } from './liveness.ts';
import type { Node, Process } from './node.ts';
import type { ProcessId } from './process-table.ts';
import type { Random } from './random.ts';
import type { Scenario } from './scenario.ts';
import type { VirtualDisk } from './virtual-disk.ts';
import type { VirtualLock } from './virtual-lock.ts';

export interface Surroundings {
  readonly scenario: Scenario;
  readonly config: ReplicaConfig;
  readonly agenda: Agenda;
  readonly random: Random;
  readonly checker: Checker;
  readonly liveness: Liveness;
  readonly nodes: readonly Node[];
  readonly lock: VirtualLock<Process>;
  readonly diskOf: (name: string) => VirtualDisk | undefined;
  /** A machine's time. */
  now(node: Node): Now;
  send(from: Node, output: Extract<Output, { type: 'send' }>): void;
  crash(node: Node, downMs: number): void;
  pause(node: Node, forMs: number): void;
  /** SIGKILL for the process that a replica takes for a hung primary, if it still is that process. */
  kill(killer: Node, victim: ProcessId): void;
  halted(node: Node, fault: EngineFault): void;
  /** A replica takes another step. */
  stepped(name: string, what: string): void;
  happened(name: string, what: string): void;
  traced(name: string, trace: Omit<Trace, 'at' | 'server'>): void;
}
