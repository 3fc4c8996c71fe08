/**
 * Keeps the servers of one cluster running: starts them, looks at them again and again, ends one that hangs, and stops
 * all in order. It is the one owner of the list of servers; whoever else wants something of them asks it.
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { EstafetError, type ServerRole, type TopologyView } from '../../protocol/index.ts';
import { CatchUps } from './catch-up.ts';
import type { ClusterOptions, ServerStatus } from './cluster.ts';
import { runningServer } from './data-folder.ts';
import { HangWatch } from './hang-watch.ts';
import { Member, type MemberOptions } from './member.ts';
import type { PlannedServer } from './plan.ts';
import { isReady, topologyFrom, unreadinessFrom } from './probe.ts';
import { exitCodes, Refusal } from './refusal.ts';
import { stopServers } from './stop-servers.ts';

/** A server that dies this often in a row while the cluster starts is not waited for. */
const startDeathsMax = 3;
const startDeadlineMs = 30_000;
/** How long roles may take to show after all servers are ready. */
const rolesDeadlineMs = 2_000;
/** The others are started when the first has said who it is, or after this. */
const headStartMs = 1_000;
const headStartPollMs = 10;
const startingPollMs = 50;
const quietPollMs = 500;

const byNumber = (a: Member, b: Member): number => Number(a.name.slice(1)) - Number(b.name.slice(1));

const hasFailed = ({ ready, process }: Member): boolean => !ready && process.deaths >= startDeathsMax;

export class Supervision {
  readonly #options: ClusterOptions;
  readonly #ofMembers: MemberOptions;
  #members: readonly Member[];
  readonly #catchUps = new CatchUps();
  readonly #hangWatch = new HangWatch();
  #topology: TopologyView | null = null;
  #stopping = false;
  #stopped: Promise<void> | null = null;
  /** Moves on with each connection that the front door passes on. */
  #turn = 0;

  constructor(options: ClusterOptions, plan: readonly PlannedServer[]) {
    this.#options = options;
    this.#ofMembers = {
      data: options.data,
      commandOf: (planned) => [...options.command, ...this.#serveArgs(planned)],
      firstArgsOf: (name) => (options.unsafePromote === name ? ['--unsafe-promote'] : []),
      onStart: ({ name }, pid) => options.onEvent({ what: 'started', name, pid }),
      onDeath: ({ name }, death, restartInMs) => {
        if (!this.#stopping) options.onEvent({ what: 'died', name, death, restartInMs });
      },
    };
    this.#members = plan.map((planned) => new Member(planned, this.#ofMembers));
  }

  /** The servers, in the order of their numbers. */
  get members(): readonly Member[] {
    return this.#members;
  }

  /** The cluster as a server saw it last. */
  get topology(): TopologyView | null {
    return this.#topology;
  }

  get isStopping(): boolean {
    return this.#stopping;
  }

  /** The cluster as it is now, as the primary sees it, or else another that serves; null when none answers. */
  async look(): Promise<TopologyView | null> {
    return await topologyFrom(this.serving().map(({ url }) => url));
  }

  /** The servers that serve, the primary first. */
  serving(): readonly Member[] {
    const primary = this.#topology?.primary;
    const serving = this.#members.filter(({ serves }) => serves);
    return serving.toSorted((a, b) => Number(b.name === primary) - Number(a.name === primary));
  }

  /** One server more: starts it, and looks after it from now on. Throws `not-possible` when all are being stopped. */
  admit(planned: PlannedServer): Member {
    if (this.#stopping) throw new EstafetError('not-possible', 'The whole cluster is being stopped.');
    const member = new Member(planned, this.#ofMembers);
    this.#members = [...this.#members, member].sort(byNumber);
    member.process.run(planned.adopted);
    return member;
  }

  /** One server less, which has been stopped. */
  dismiss(member: Member): void {
    member.process.retire();
    this.#members = this.#members.filter((one) => one !== member);
  }

  status(): ServerStatus[] {
    return this.#members.map((one) => ({
      name: one.name,
      url: one.url,
      pid: one.process.mark?.pid ?? null,
      role: this.#roleOf(one),
    }));
  }

  /** Ports of the servers for the next connection: ready ones in turn, then the others. */
  targets(): number[] {
    this.#turn = (this.#turn + 1) % this.#members.length;
    const inTurn = [...this.#members.slice(this.#turn), ...this.#members.slice(0, this.#turn)];
    return [...inTurn.filter(({ serves }) => serves), ...inTurn.filter(({ serves }) => !serves)].map(
      ({ planned }) => planned.port,
    );
  }

  /**
   * Starts all servers. Resolves when they are ready, or at least one is and the others fail again and again, or the
   * whole is stopped meanwhile. Rejects with a Refusal when none can be had; nothing runs then.
   */
  async start(): Promise<void> {
    await this.#launch();
    const deadline = performance.now() + startDeadlineMs;
    const isSettled = (): boolean => this.#members.every((one) => one.ready || hasFailed(one));
    while (!this.#stopping && performance.now() < deadline && !isSettled()) {
      await this.#lookOnce();
      await pause(startingPollMs);
    }
    if (this.#stopping) return;
    if (!this.#members.some(({ ready }) => ready)) await this.#giveUp();
    const rolesDeadline = performance.now() + rolesDeadlineMs;
    const lacksRole = (one: Member): boolean => one.ready && this.#roleOf(one) === 'down';
    while (performance.now() < rolesDeadline && this.#members.some(lacksRole)) {
      await pause(startingPollMs);
      await this.#lookOnce();
    }
  }

  /** Looks after the servers until all are stopped. */
  async watch(): Promise<void> {
    while (!this.#stopping) {
      await pause(this.#members.every(({ ready }) => ready) ? quietPollMs : startingPollMs);
      for (const one of this.#members) void this.#killHung(one);
      await this.#lookOnce();
    }
  }

  /** Stops all servers in order, the primary last, and resolves when none runs. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  /** Kills all servers at once. */
  kill(): void {
    this.#stopping = true;
    for (const { process } of this.#members) {
      process.retire();
      process.signal('SIGKILL');
    }
  }

  #serveArgs({ name, port }: PlannedServer): string[] {
    const { host, data, forwarder, front, serveOptions } = this.#options;
    return [
      ...['serve', '--name', name, '--port', String(port), '--host', host, '--data', data],
      ...(forwarder ? [] : ['--front', String(front)]),
      ...serveOptions,
    ];
  }

  #roleOf({ name, ready }: Member): ServerRole {
    return ready ? (this.#topology?.servers.find((server) => server.name === name)?.role ?? 'down') : 'down';
  }

  /** The first server gets a head start, so that as a rule it is the first primary: the one that people look for. */
  async #launch(): Promise<void> {
    const [first, ...others] = this.#members;
    if (first === undefined) return;
    first.process.run(first.planned.adopted);
    const deadline = performance.now() + headStartMs;
    const hasBegun = (): boolean => first.process.deaths > 0 || runningServer(this.#options.data, first.name) !== null;
    while (!this.#stopping && !hasBegun() && performance.now() < deadline) await pause(headStartPollMs);
    if (!this.#stopping) for (const { planned, process } of others) process.run(planned.adopted);
  }

  /** None of the servers came to be ready: stops them and says why. */
  async #giveUp(): Promise<never> {
    const why = await unreadinessFrom(this.#members.map(({ url }) => url));
    // Before the stop, which ends one that is just being started again, and says nothing about why.
    const death = this.#members.find(({ lastDeath }) => lastDeath !== null)?.lastDeath;
    await this.stop();
    if (death === null || death === undefined) {
      throw new Refusal(
        'unavailable',
        `No server was ready within ${startDeadlineMs / 1000} s. ${why ?? ''} Their logs are in ${join(this.#options.data, '<server>', 'server.log')}.`,
      );
    }
    throw new Refusal(death.code ?? exitCodes.software, `The servers do not start. ${death.lastWords}`);
  }

  async #lookOnce(): Promise<void> {
    const { onEvent } = this.#options;
    const starting = this.#members.filter((one) => !one.ready && one.process.mark !== null && !one.isPaused);
    await Promise.all(
      starting.map(async (one) => {
        const { mark } = one.process;
        if (!(await isReady(one.url)) || mark === null || one.process.mark !== mark) return;
        one.ready = true;
        if (!this.#stopping) onEvent({ what: 'ready', name: one.name, pid: mark.pid });
      }),
    );
    const before = this.#topology;
    const urls = this.#members.filter(({ serves }) => serves).map(({ url }) => url);
    const topology = (await topologyFrom(urls)) ?? before;
    this.#topology = topology;
    if (topology === null || topology.primary === null || this.#stopping) return;
    for (const news of this.#catchUps.look(topology, performance.now())) onEvent(news);
    if (before?.primary !== topology.primary || before.epoch !== topology.epoch) {
      onEvent({ what: 'primary', name: topology.primary, epoch: topology.epoch });
    }
  }

  /**
   * Kills a server that does not answer any more; the others have long gone on without it. One that was paused on purpose
   * is left as it is: its pause is meant to be seen.
   */
  async #killHung(one: Member): Promise<void> {
    const { mark } = one.process;
    if (!one.serves || mark === null || !(await this.#hangWatch.isHung(one.name, one.url, mark))) return;
    if (this.#stopping || !one.serves || one.process.mark !== mark) return;
    this.#options.onEvent({ what: 'hung', name: one.name, pid: mark.pid });
    one.process.signal('SIGKILL');
  }

  async #stopAll(): Promise<void> {
    this.#stopping = true;
    for (const { process } of this.#members) process.retire();
    await stopServers(
      this.#members.flatMap(({ planned, process }) => (process.mark === null ? [] : [{ ...process.mark, ...planned }])),
    );
    await Promise.all(this.#members.map(({ process }) => process.gone));
  }
}
