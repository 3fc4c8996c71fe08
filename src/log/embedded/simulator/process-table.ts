/**
 * The processes of the virtual machine. There are few pids, so that a dead process's is soon another's: whoever kills
 * must look whether it still is the same process.
 */

/** What a process says of itself when a link is made, and leaves beside the lock. */
export interface ProcessId {
  readonly pid: number;
  /** When it started: no two processes have the same. */
  readonly identity: string;
}

export class ProcessTable<Process extends { readonly id: ProcessId }> {
  readonly #running = new Map<number, Process>();
  readonly #pids: number;
  #started = 0;

  constructor(pids: number) {
    this.#pids = pids;
  }

  /** A pid and an identity for a process that is about to start. */
  next(): ProcessId {
    this.#started++;
    for (let offset = 0; ; offset++) {
      const pid = 100 + ((this.#started + offset) % this.#pids);
      if (!this.#running.has(pid)) return { pid, identity: `started ${this.#started}` };
    }
  }

  begin(process: Process): void {
    this.#running.set(process.id.pid, process);
  }

  end(process: Process): void {
    this.#running.delete(process.id.pid);
  }

  /** Whom a SIGKILL for this process would hit, looked at as the production shell does; null when it sends none. */
  target({ pid, identity }: ProcessId): Process | null {
    const process = this.#running.get(pid);
    return process !== undefined && process.id.identity === identity ? process : null;
  }
}
