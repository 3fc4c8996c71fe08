/** The channel on servers whose links and roles the test has in its hands. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Chat } from '../../../chat/index.ts';
import type { ReplicatedLog, Topology } from '../../../log/index.ts';
import { openMemoryLogs } from '../../../log/memory/index.ts';
import { type LabNews, type LabWords, limits } from '../../../protocol/index.ts';
import type { EdgeLimits } from '../../options.ts';
import type { Watcher } from '../../socket/channels.ts';
import { delegate, silent, until } from '../../test-kit.ts';
import { LabHost } from './host.ts';
import { LabChannel } from './lab-channel.ts';

/** A socket that watches: what it has been told, or that its reader is slow. */
class Page implements Watcher {
  readonly userId: string;
  readonly tokenHash = '';
  readonly hostname = 'localhost';
  readonly news: LabNews[] = [];
  readonly frames: Buffer[] = [];
  readonly #channel: LabChannel;
  isSlow = false;

  constructor(channel: LabChannel, userId: string) {
    this.#channel = channel;
    this.userId = userId;
    channel.enter(this);
  }

  tell(frame: Buffer): boolean {
    if (this.isSlow) return false;
    this.frames.push(frame);
    const head = frame[1]! < 126 ? 2 : frame[1] === 126 ? 4 : 10;
    const { body } = JSON.parse(frame.toString('utf8', head)) as { body: LabNews };
    this.news.push(body);
    for (const { node, message, attempt } of body.deliveries ?? []) {
      setImmediate(() => this.say({ what: 'seen', node, seen: [[message, attempt]] }));
    }
    return true;
  }

  say(word: LabWords | object): void {
    this.#channel.said(this, word);
  }

  leave(): void {
    this.#channel.leave(this);
  }

  get codes(): readonly string[] {
    return this.news.flatMap(({ error }) => error?.code ?? []);
  }

  /** The newest that the news say of something. */
  last<K extends keyof LabNews>(key: K): LabNews[K] | undefined {
    return this.news.findLast((news) => news[key] !== undefined)?.[key];
  }

  /** The names of who is there, as the news say. */
  get names(): readonly string[] {
    const names = new Map<string, string>();
    for (const { nodes, nodesChanged = [], nodesGone = [] } of this.news) {
      if (nodes !== undefined) names.clear();
      for (const { id, name } of [...(nodes ?? []), ...nodesChanged]) names.set(id, name);
      for (const id of nodesGone) names.delete(id);
    }
    return [...names.values()].sort();
  }

  async join(name: string, node?: string): Promise<string> {
    const before = this.news.length;
    this.say(node === undefined ? { what: 'join', name, ref: name } : { what: 'join', name, node, ref: name });
    const mine = () =>
      this.news
        .slice(before)
        .find(({ you }) => you?.ref === name)
        ?.you?.nodes.at(-1);
    await until(() => mine() !== undefined);
    return mine()!;
  }
}

const chat = { user: () => ({ name: 'Ann', role: 'member' }) } as unknown as Chat;

/** Three servers; `primary` and who is down can be changed, and casts dropped. */
const serversOf = (given: Partial<EdgeLimits> = {}) => {
  const names = ['s1', 's2', 's3'];
  const handlers: ((topology: Topology, change: 'roles' | 'figures') => void)[] = [];
  const state = { primary: 's1' as string | null, down: new Set<string>(), drops: (_topic: string) => false };
  const topologyOf = (log: ReplicatedLog): Topology => {
    const { primary, down } = state;
    const topology = log.topology();
    const roleOf = (name: string) => (down.has(name) ? 'down' : name === primary ? 'primary' : 'backup');
    return { ...topology, primary, replicas: topology.replicas.map((one) => ({ ...one, role: roleOf(one.name) })) };
  };
  const memory = openMemoryLogs(names);
  const channels = memory.map((log) => {
    const own = delegate(log, {
      topology: () => topologyOf(log),
      onTopology: (handler) => {
        handlers.push((_, change) => handler(topologyOf(log), change));
        return () => {};
      },
      onCast: (handler) =>
        log.onCast((topic, body, from) => {
          if (!state.down.has(from) && !state.drops(topic)) handler(topic, body, from);
        }),
    });
    return new LabChannel(own, chat, { ...limits, labAccountIntervalMs: 100, ...given }, silent);
  });
  const roles = (primary: string | null, ...down: string[]): void => {
    state.primary = primary;
    state.down = new Set(down);
    for (const handler of handlers) handler({} as Topology, 'roles');
  };
  return { channels, state, roles };
};

let open: readonly LabChannel[] = [];
const servers = (given: Partial<EdgeLimits> = {}) => {
  const made = serversOf(given);
  open = made.channels;
  return made;
};
afterEach(() => {
  for (const channel of open) channel.stop();
});

const quick = { loss: 0, latencyMinMs: 1, latencyMaxMs: 1, maxRetries: 0, ackTimeoutMs: 3_000 };

describe('the channel', () => {
  test('goes on at another server: nodes, dials, class, and who was at the dead one comes again', async () => {
    const { channels, roles } = servers();
    const [ann, bob, cy] = [new Page(channels[0]!, 'ann'), new Page(channels[1]!, 'bob'), new Page(channels[2]!, 'cy')];
    const a = await ann.join('A');
    const b = await bob.join('B');
    await cy.join('C');
    bob.say({ what: 'class-open' });
    bob.say({ what: 'dials', change: quick });
    await until(() => cy.last('class')?.teacher === 'bob' && cy.last('dials')?.settings.ackTimeoutMs === 3_000);
    await until(() => cy.names.join() === 'A,B,C');

    roles(null, 's1');
    expect(cy.last('host')).toBeNull();
    bob.say({ what: 'send', node: b, method: 'direct', to: { node: a }, text: '' });
    expect(bob.codes).toEqual(['no-lab']);
    roles('s3', 's1');
    await until(() => bob.last('host') === 's3' && bob.names.join() === 'B,C');
    expect(bob.last('dials')).toMatchObject({ settings: quick, changedBy: 'bob' });
    expect(bob.last('class')).toMatchObject({ teacher: 'bob' });
    expect(bob.news.flatMap(({ events = [] }) => events.map(({ what }) => what))).toContain('moved');
    const again = new Page(channels[1]!, 'ann');
    expect(await again.join('A', a)).toBe(a);
    bob.say({ what: 'send', node: b, method: 'pubsub', to: { node: a }, text: 'here again' });
    await until(() => again.news.some(({ deliveries }) => deliveries?.[0]?.text === 'here again'));
    await until(() => bob.news.some(({ progress }) => progress?.some(({ what }) => what === 'confirmed')));

    // The dead one is back, as a backup that knows nothing of what was meanwhile.
    roles('s3');
    const dan = new Page(channels[0]!, 'dan');
    await until(() => dan.last('host') === 's3' && dan.names.join() === 'A,B,C');
    // And becomes primary by a planned hand-over: nobody has to come again.
    roles('s1');
    await until(() => cy.last('host') === 's1' && cy.names.join() === 'A,B,C');
    bob.say({ what: 'send', node: b, method: 'pubsub', to: { node: a }, text: 'and again' });
    await until(() => again.news.some(({ deliveries }) => deliveries?.[0]?.text === 'and again'));
  });

  test('counts what is lost between servers, and puts right what anybody lacks', async () => {
    const { channels, state } = servers();
    const [ann, bob] = [new Page(channels[0]!, 'ann'), new Page(channels[1]!, 'bob')];
    const a = await ann.join('A');
    await bob.join('B');
    await until(() => bob.names.join() === 'A,B');
    state.drops = () => true;
    ann.say({ what: 'dials', change: quick });
    ann.say({ what: 'leave', node: a });
    await until(() => ann.names.join() === 'B');
    bob.leave();
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(bob.names).toEqual(['A', 'B']);
    state.drops = () => false;
    const cy = new Page(channels[1]!, 'cy');
    await until(() => cy.names.length === 0 && cy.last('dials')?.settings.ackTimeoutMs === 3_000);
    await until(() => ann.names.length === 0);
    const [c, d] = [await cy.join('C'), await ann.join('D')];
    cy.say({ what: 'send', node: c, method: 'direct', to: { node: d }, text: '' });
    await until(() => (cy.last('relayLost') ?? 0) > 0);
    expect(cy.last('samples')!.length).toBeGreaterThan(0);
  });

  test('refuses what has no shape, and drops a flood of one socket without a word for each', async () => {
    const { channels } = servers();
    const page = new Page(channels[1]!, 'ann');
    await page.join('A');
    for (const word of [null, 7, 'send', [], {}, { what: 'x' }, { what: 'dials', change: { loss: '1' } }]) {
      page.say(word as object);
    }
    page.say({ what: 'send', node: 'x'.repeat(41), method: 'direct', to: { node: 'y' }, text: '', ref: 'r' });
    expect(page.codes).toEqual(new Array(8).fill('bad-word'));
    expect(page.news.at(-1)!.error).toMatchObject({ about: 'send', ref: 'r' });
    const before = page.news.length;
    for (let n = 0; n < 10_000; n++) page.say({ what: 'story', message: n });
    await until(() => page.codes.filter((code) => code === 'no-such-message').length > 50);
    page.say({ what: 'join', name: 'B' });
    await until(() => page.codes.includes('flood'));
    expect(page.names).not.toContain('B');
    expect(page.codes.filter((code) => code === 'flood').length).toBeLessThanOrEqual(3);
    expect(page.news.length - before).toBeLessThan(300);
  });

  test('encodes what all are told once, and tells a slow reader everything when it reads again', async () => {
    const { channels } = servers();
    const pages = Array.from({ length: 200 }, (_, n) => new Page(channels[n % 2]!, `u${n}`));
    const slow = pages[2]!;
    slow.isSlow = true;
    pages[0]!.say({ what: 'dials', change: { loss: 0.25 } });
    const last = (page: Page) => page.frames.at(-1);
    await until(() => pages.every((page) => page === slow || page.last('dials')?.settings.loss === 0.25));
    expect(new Set(pages.filter((page, at) => at % 2 === 0 && page !== slow).map(last)).size).toBe(1);
    slow.isSlow = false;
    pages[0]!.say({ what: 'preset', name: 'broken' });
    await until(() => slow.last('dials')?.preset === 'broken');
    expect(slow.news.at(-1)!.nodes).toEqual([]);
  });

  test('begins anew when it fails, with what all know', async () => {
    const { channels } = servers({ labRestartMs: 50 });
    const page = new Page(channels[0]!, 'ann');
    const node = await page.join('A');
    page.say({ what: 'dials', change: quick });
    await until(() => page.last('dials')?.settings.ackTimeoutMs === 3_000);
    const other = new Page(channels[0]!, 'bob');
    await other.join('B');
    vi.spyOn(LabHost.prototype, 'gone').mockImplementationOnce(() => {
      throw new Error('a mistake of ours');
    });
    other.leave();
    page.say({ what: 'preset', name: 'broken' });
    expect(page.codes).toEqual(['no-lab']);
    await until(() => page.news.some(({ events }) => events?.some(({ what }) => what === 'moved')));
    expect(page.last('dials')).toMatchObject({ settings: quick });
    await until(() => page.names.join() === 'A');
    expect(node).toBe(page.last('nodes')?.find(({ name }) => name === 'A')?.id);
  });
});
