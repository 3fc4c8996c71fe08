/**
 * Events as a cluster would tell them, for tests: a small deterministic play of requests, some of which kill the primary.
 * It knows what caused what, so that what is made of its events can be judged against that.
 */
import type { ClusterEvent, ClusterEventKind } from '../../protocol/index.ts';

/** A generator of numbers from 0 to 1, the same for the same seed. */
export const seeded = (seed: number): (() => number) => {
  let state = (seed ^ 0x9e37_79b9) >>> 0;
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

export interface Played {
  /** By time. */
  readonly events: readonly ClusterEvent[];
  /** Ids of events of which the first caused the second, on another server. */
  readonly causes: readonly (readonly [string, string])[];
  readonly servers: readonly string[];
}

export interface PlayOptions {
  readonly servers?: number;
  readonly requests?: number;
  /** How often a request kills the primary: from 0 to 1. */
  readonly failing?: number;
  /** How far the servers' clocks are apart, at most. */
  readonly skewMs?: number;
}

/** @param seed the same seed plays the same */
export const play = (seed: number, options: PlayOptions = {}): Played => {
  const { servers: count = 3, requests = 12, failing = 0.2, skewMs = 0 } = options;
  const random = seeded(seed);
  const servers = Array.from({ length: count }, (_, n) => `s${n + 1}`);
  const skews = new Map(servers.map((server) => [server, (random() - 0.5) * skewMs]));
  const events: ClusterEvent[] = [];
  const causes: [string, string][] = [];
  const numbers = new Map<string, number>();
  let now = 1_795_000_000_000;
  let epoch = 1;
  let primary = servers[0]!;
  let index = 10;

  const tell = (
    server: string,
    what: ClusterEventKind,
    more: Partial<ClusterEvent> = {},
    causedBy?: string,
  ): string => {
    now += 0.05 + random() * 0.4;
    const number = (numbers.get(server) ?? 0) + 1;
    numbers.set(server, number);
    const id = `${server}-k3-${number}`;
    events.push({ id, at: now + skews.get(server)!, server, epoch, what, ...more });
    if (causedBy !== undefined) causes.push([causedBy, id]);
    return id;
  };

  /** The primary dies; another takes over, and the dead one comes back and follows it. */
  const takeOver = (died: string): void => {
    const dead = primary;
    now += 2;
    const others = servers.filter((server) => server !== dead);
    const lost = others.map(
      (server) => [server, tell(server, 'primary-lost', { peer: dead, reason: 'link broken' }, died)] as const,
    );
    const [heir] = lost[Math.floor(random() * lost.length)]!;
    tell(heir, 'lock-gained');
    epoch++;
    primary = heir;
    const promoted = tell(heir, 'promoted', { from: ++index });
    for (const server of others) if (server !== heir) tell(server, 'following', { peer: heir }, promoted);
    now += 30;
    tell(dead, 'server-up');
    const follows = tell(dead, 'following', { peer: heir }, promoted);
    tell(heir, 'resynced', { peer: dead, upto: index }, follows);
  };

  for (let n = 1; n <= requests; n++) {
    now += random() * 400;
    const request = `request-${n}`;
    const label = `data-${n}`;
    const fails = random() < failing && count > 1;
    const edge = servers.filter((server) => !fails || server !== primary)[
      Math.floor(random() * (count - (fails ? 1 : 0)))
    ]!;
    let before = tell(edge, 'request-taken', { request, by: 'u1' });
    if (fails) {
      const dying = tell(primary, 'dying', { request }, edge === primary ? undefined : before);
      takeOver(dying);
    }
    const place = { from: ++index, upto: index, label, request };
    const fresh = fails ? undefined : before;
    before = tell(primary, 'sequenced', place, edge === primary ? undefined : fresh);
    const backups = servers.filter((server) => server !== primary);
    const sent = backups.map((peer) => [peer, tell(primary, 'sent', { ...place, peer })] as const);
    const got = sent.map(([peer, id]) => [peer, tell(peer, 'received', { ...place, peer: primary }, id)] as const);
    for (const [peer, id] of got) tell(primary, 'stored', { ...place, peer }, id);
    const committed = tell(primary, 'committed', place);
    tell(primary, 'request-applied', place);
    for (const peer of backups) tell(peer, 'request-applied', place, committed);
    tell(edge, 'request-answered', { request, label });
  }
  return { events: events.sort((a, b) => a.at - b.at), causes, servers };
};
