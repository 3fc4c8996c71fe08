/** What servers tell each other about themselves four times a second, and the topology that follows from it. */
import { limits } from '../../protocol/index.ts';
import type { Index, ReplicaView, ServerFacts } from '../log.ts';

/** A server's account of itself. */
export interface Status {
  readonly pid: number;
  readonly leads: boolean;
  readonly epoch: number;
  readonly last: Index;
  readonly committed: Index;
  readonly applied: Index;
  readonly fetching: ReplicaView['fetching'];
  readonly facts: ServerFacts;
}

/** What is known of a server that has said nothing yet. */
export const noFacts: ServerFacts = { port: 0, fingerprint: '', connections: 0, startedAt: 0 };
const unknown: Status = {
  pid: 0,
  leads: false,
  epoch: 0,
  last: 0,
  committed: 0,
  applied: 0,
  fetching: null,
  facts: noFacts,
};

/** A server in the topology. `away`: there is no sign of life of it. A claim to lead an epoch gone by counts for nothing. */
export const viewOf = (
  name: string,
  status: Status | null,
  { away, epoch, inSync }: { readonly away: boolean; readonly epoch: number; readonly inSync: readonly string[] },
): ReplicaView => {
  const { leads, ...known } = status ?? unknown;
  const role = away ? 'down' : leads && known.epoch >= epoch ? 'primary' : 'backup';
  return { name, role, inSync: inSync.includes(name), ...known };
};

/** The newest account of each sibling. */
export class SiblingStatuses {
  readonly #heard = new Map<string, { readonly status: Status; readonly atMs: number }>();

  /** Takes in what a sibling says; true when more than figures have moved. */
  heed(name: string, status: Status, nowMs: number): boolean {
    const before = this.#heard.get(name)?.status;
    this.#heard.set(name, { status, atMs: nowMs });
    return before === undefined || before.leads !== status.leads || before.facts.port !== status.facts.port;
  }

  get names(): string[] {
    return [...this.#heard.keys()];
  }

  /** The last account of a sibling, or null; and whether it is too old to go by. */
  of(name: string, nowMs: number): { readonly status: Status | null; readonly stale: boolean } {
    const heard = this.#heard.get(name);
    return { status: heard?.status ?? null, stale: heard === undefined || nowMs - heard.atMs > limits.statusMaxAgeMs };
  }
}
