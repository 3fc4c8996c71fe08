/**
 * Carries out what is done to the cluster, wherever it is to be done: processes by whoever runs them, links and disks on
 * the server that they belong to, a hand-over on the primary. While somebody watches here, it keeps what is known fresh.
 */
import type { Unsubscribe } from '../../log/index.ts';
import {
  type ClusterActionRequest,
  type ClusterActionResult,
  EstafetError,
  type FaultsView,
  type OrderedAction,
  type SupervisorView,
} from '../../protocol/index.ts';
import type { Control } from './control.ts';
import { FaultBoard } from './control-faults.ts';
import { checkFields, given } from './control-request.ts';
import { SupervisorLine } from './control-supervisor.ts';
import { handOver } from './hand-over.ts';
import type { Asking } from './passing.ts';

/** What was done, and by whom: a person's id. */
export interface Acted extends ClusterActionRequest {
  readonly by: string;
}

export interface ControlOptions {
  /** Whether people may break things on purpose. */
  readonly chaos: boolean;
  /** Where whoever runs the servers takes orders; null when nobody does. */
  readonly supervisorPort: () => number | null;
  readonly onActed: (acted: Acted) => void;
}

export class ActingControl implements Control {
  readonly #asking: Asking;
  readonly #options: ControlOptions;
  readonly #line: SupervisorLine;
  readonly #board: FaultBoard;
  readonly #handlers = new Set<() => void>();
  #supervisor: SupervisorView | null = null;
  #told = '';
  #isWatched = false;
  #isRefreshing = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(asking: Asking, options: ControlOptions) {
    this.#asking = asking;
    this.#options = options;
    this.#line = new SupervisorLine(asking, options.supervisorPort);
    this.#board = new FaultBoard(asking);
  }

  supervisor(): SupervisorView | null {
    return this.#supervisor;
  }

  async look(): Promise<SupervisorView | null> {
    this.#supervisor = await this.#line.view(false);
    this.#tell();
    return this.#supervisor;
  }

  faults(): Readonly<Record<string, FaultsView>> {
    return this.#board.all;
  }

  onChange(handler: () => void): Unsubscribe {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  watch(on: boolean): void {
    if (on === this.#isWatched) return;
    this.#isWatched = on;
    if (on) void this.#refresh();
    else clearTimeout(this.#timer ?? undefined);
  }

  /** Asks nobody any more. */
  stop(): void {
    this.watch(false);
    this.#handlers.clear();
  }

  async act(request: ClusterActionRequest, by: string): Promise<ClusterActionResult> {
    if (!this.#options.chaos) throw new EstafetError('chaos-off');
    checkFields(request);
    const server = await this.#do(request);
    const done = { ...request, ...(server === null ? {} : { server }) };
    this.#options.onActed({ ...done, by });
    this.#tell();
    return { action: request.action, server };
  }

  /** Does it; gives to whom. */
  async #do(request: ClusterActionRequest): Promise<string | null> {
    const { action, server } = request;
    switch (action) {
      case 'cut-link':
      case 'heal-link':
      case 'slow-link':
      case 'slow-disk': {
        await this.#break(request, given(server));
        return given(server);
      }
      case 'step-down':
        return this.#stepDown(server);
      default:
        return this.#order(action, server);
    }
  }

  async #order(action: OrderedAction, server: string | undefined): Promise<string | null> {
    const { self: asker } = this.#asking.log.topology();
    const { result, view } = await this.#line.order({ action, asker, ...(server === undefined ? {} : { server }) });
    this.#supervisor = view;
    return result.server;
  }

  async #stepDown(server: string | undefined): Promise<string> {
    const { primary } = this.#asking.log.topology();
    if (server !== undefined) this.#requireServer(server);
    if (primary === null) throw new EstafetError('not-possible', 'There is no primary at the moment.');
    if (server !== undefined && server !== primary) {
      throw new EstafetError('not-possible', `${server} is not the primary: ${primary} is.`);
    }
    await handOver(this.#asking, primary);
    return primary;
  }

  async #break({ action, peer, ms }: ClusterActionRequest, server: string): Promise<void> {
    this.#requireServer(server);
    if (peer !== undefined) this.#requireServer(peer);
    if (peer === server) throw new EstafetError('bad-request', 'peer: a server has no link to itself.');
    if (action === 'slow-link' || action === 'slow-disk') {
      await this.#board.change(server, { fault: action, ms: given(ms) });
    } else if (action === 'cut-link') {
      await this.#board.change(server, { fault: action, peer: peer ?? this.#primaryBeside(server) });
    } else await this.#heal(server, peer);
  }

  /** Either end of a link may have been told to cut it. */
  async #heal(server: string, peer: string | undefined): Promise<void> {
    await this.#board.refresh();
    const all = this.#board.all;
    const mine = (all[server]?.cutFrom ?? []).filter((other) => peer === undefined || other === peer);
    const theirs = Object.keys(all).filter(
      (other) => (peer === undefined || other === peer) && all[other]?.cutFrom.includes(server) === true,
    );
    if (mine.length + theirs.length === 0) throw new EstafetError('not-possible', `No such link of ${server} is cut.`);
    for (const other of mine) await this.#board.change(server, { fault: 'heal-link', peer: other });
    for (const other of theirs) await this.#board.change(other, { fault: 'heal-link', peer: server });
  }

  #primaryBeside(server: string): string {
    const { primary } = this.#asking.log.topology();
    if (primary !== null && primary !== server) return primary;
    throw new EstafetError('not-possible', `Name the peer: ${server} has no primary beside it.`);
  }

  #requireServer(server: string): void {
    if (this.#asking.log.topology().replicas.some(({ name }) => name === server)) return;
    throw new EstafetError('no-such-server', `There is no server ${server}.`);
  }

  async #refresh(): Promise<void> {
    if (this.#isRefreshing) return;
    this.#isRefreshing = true;
    // A server that hangs keeps only its own answer back.
    const board = this.#board.refresh().then(() => this.#tell());
    this.#supervisor = await this.#line.view(true);
    this.#tell();
    await board;
    this.#isRefreshing = false;
    if (this.#isWatched) {
      this.#timer = setTimeout(() => void this.#refresh(), this.#asking.limits.controlIntervalMs).unref();
    }
  }

  #tell(): void {
    const now = JSON.stringify([this.#supervisor, this.#board.all]);
    if (now === this.#told) return;
    this.#told = now;
    for (const handler of this.#handlers) handler();
  }
}
