/**
 * What a supervisor is told to do to its servers, one order after another: looks whether it can be done as the cluster is
 * now, refuses it with the reason when not, and does it. What takes a while goes on by itself, one such order at a time.
 * No order stops the last server that has everything, or takes a disk that has what no other has.
 */
import {
  type AuditPanelView,
  type ClusterActionResult,
  EstafetError,
  limits,
  type Order,
  type OrderedAction,
  type SupervisorView,
} from '../../protocol/index.ts';
import type { ClusterOptions } from './cluster.ts';
import { goesOnWithout } from './goes-on.ts';
import { type Hands, lengthy, roll } from './lengthy.ts';
import type { Member } from './member.ts';
import { nextServer } from './next-server.ts';
import type { Supervision } from './supervision.ts';

export class Orders {
  readonly #supervision: Supervision;
  readonly #options: ClusterOptions;
  readonly #hands: Hands;
  /** What was looked at and begun before. */
  #before: Promise<unknown> = Promise.resolve();
  #doing: string | null = null;

  readonly #audit: () => AuditPanelView | null;

  /** @param audit how the audit stands that goes on meanwhile */
  constructor(supervision: Supervision, options: ClusterOptions, audit: () => AuditPanelView | null) {
    this.#audit = audit;
    this.#supervision = supervision;
    this.#options = options;
    this.#hands = {
      supervision,
      data: options.data,
      stop: async (member) => {
        const { stopped } = await this.#inTurn(async () => {
          await goesOnWithout(supervision, member);
          return { stopped: member.stop() };
        });
        await stopped;
      },
    };
  }

  get view(): SupervisorView {
    const servers = this.#supervision.members.map(({ view }) => view);
    return { pid: process.pid, servers, doing: this.#doing, audit: this.#audit() };
  }

  /**
   * Does it, or begins it. Rejects with an `EstafetError` when it cannot be done: `last-server`, `servers-max`,
   * `no-such-server`, `not-possible`.
   */
  async do({ action, server, asker }: Order): Promise<ClusterActionResult> {
    const graceMs = server !== undefined && server === asker ? limits.orderGraceMs : 0;
    const name = await this.#inTurn(() => this.#begin(action, server, graceMs));
    this.#options.onEvent({ what: 'ordered', action, name });
    return { action, server: name };
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#before.then(work);
    this.#before = result.catch(() => undefined);
    return result;
  }

  /** Rejects when it cannot be done. Otherwise it is done, or under way, when this resolves with whom it is done to. */
  async #begin(action: OrderedAction, server: string | undefined, graceMs: number): Promise<string | null> {
    if (this.#supervision.isStopping) throw new EstafetError('not-possible', 'The whole cluster is being stopped.');
    if (action === 'roll') return this.#roll();
    if (action === 'add') return this.#add();
    const member = this.#memberOf(server);
    if (action === 'resume') this.#resume(member);
    else if (action === 'kill') (await this.#withoutIt(member)).kill(graceMs);
    else if (action === 'pause') (await this.#withoutIt(this.#notPaused(member))).pause(graceMs);
    else {
      this.#requireQuiet();
      // One that does not run may be started again whoever else does; its disk is another matter.
      if (action !== 'restart' || member.process.mark !== null) await goesOnWithout(this.#supervision, member);
      this.#start(action, member.name, () => lengthy[action](this.#hands, member));
    }
    return member.name;
  }

  async #roll(): Promise<null> {
    this.#requireQuiet();
    const { members } = this.#supervision;
    // Of several, each is waited for that is not in sync at the moment.
    if (members.length === 1) await goesOnWithout(this.#supervision, members[0]!);
    this.#start('roll', null, () => roll(this.#hands));
    return null;
  }

  async #add(): Promise<string> {
    this.#requireQuiet();
    const { members } = this.#supervision;
    if (members.length >= limits.replicasMax) {
      throw new EstafetError('servers-max', `A cluster has at most ${limits.replicasMax} servers.`);
    }
    const member = this.#supervision.admit(await nextServer(this.#options, members));
    this.#start('add', member.name, () => lengthy.add(this.#hands, member));
    return member.name;
  }

  #memberOf(server: string | undefined): Member {
    const member = this.#supervision.members.find(({ name }) => name === server);
    if (member === undefined) throw new EstafetError('no-such-server', `There is no server ${server}.`);
    return member;
  }

  #notPaused(member: Member): Member {
    if (member.isPaused) throw new EstafetError('not-possible', `${member.name} is paused already.`);
    return member;
  }

  /** Looks whether there is a process, and whether the cluster goes on without it. */
  async #withoutIt(member: Member): Promise<Member> {
    const requireProcess = (): void => {
      if (member.process.mark === null) throw new EstafetError('not-possible', `${member.name} does not run.`);
    };
    requireProcess();
    await goesOnWithout(this.#supervision, member);
    requireProcess();
    return member;
  }

  #resume(member: Member): void {
    if (!member.isPaused) throw new EstafetError('not-possible', `${member.name} is not paused.`);
    member.resume();
  }

  #requireQuiet(): void {
    if (this.#doing !== null) {
      throw new EstafetError('not-possible', `Another action is under way (${this.#doing}): wait until it is over.`);
    }
  }

  #start(action: OrderedAction, name: string | null, work: () => Promise<void>): void {
    this.#doing = name === null ? action : `${action} ${name}`;
    // In a turn of its own: it takes turns itself, and this one is not over.
    void Promise.resolve()
      .then(work)
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        if (!this.#supervision.isStopping) this.#options.onEvent({ what: 'order-failed', action, name, reason });
      })
      .finally(() => {
        this.#doing = null;
      });
  }
}
