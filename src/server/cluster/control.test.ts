/** What a server makes of actions: who may, what is refused before anybody is asked, who is asked, and what is told. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { FaultInjection, Faults, ReplicatedLog } from '../../log/index.ts';
import {
  type ClusterActionRequest,
  EstafetError,
  type Order,
  type SupervisorView,
  limits as standardLimits,
} from '../../protocol/index.ts';
import { delegate, machineKey, startTestCluster, type TestCluster } from '../test-kit.ts';
import { type Acted, ActingControl } from './control-acting.ts';

/** An engine's faults that break nothing. */
class Pretended implements FaultInjection {
  readonly #cut = new Set<string>();
  #link = 0;
  #disk = 0;
  get faults(): Faults {
    return { cutFrom: [...this.#cut], slowLinkMs: this.#link, slowDiskMs: this.#disk };
  }
  cutLink(peer: string): void {
    this.#cut.add(peer);
  }
  healLink(peer: string): void {
    this.#cut.delete(peer);
  }
  slowLinks(ms: number): void {
    this.#link = ms;
  }
  slowDisk(ms: number): void {
    this.#disk = ms;
  }
}

const s2: SupervisorView['servers'][number] = {
  ...{ name: 's2', port: 5001, pid: 7, state: 'running', startsAt: null, added: false },
};

/** A supervisor that writes down what it is told, and refuses to touch s9. */
class FakeSupervisor {
  readonly orders: Order[] = [];
  view: SupervisorView = { pid: 1, servers: [s2], doing: null, audit: null };
  views = 0;
  watched = false;
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const isKnown = request.headers.authorization === `Bearer ${machineKey}`;
      const say = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body));
      if (!isKnown) say(403, { error: { code: 'not-allowed', message: 'no' } });
      else if (request.method === 'GET') {
        this.watched ||= request.url === '/watched';
        this.views++;
        say(200, this.view);
      } else {
        const order = JSON.parse(Buffer.concat(chunks).toString()) as Order;
        this.orders.push(order);
        if (order.server === 's9') say(409, { error: { code: 'last-server', message: 'It is the last.' } });
        else say(200, { result: { action: order.action, server: order.server ?? null }, view: this.view });
      }
    }).listen(0, '127.0.0.1');
  }

  async port(): Promise<number> {
    if (!this.#server.listening) await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

describe('POST /api/v1/cluster/actions', () => {
  let cluster: TestCluster;
  let supervisor: FakeSupervisor;
  let isThere = true;
  const injections = new Map<string, Pretended>();

  const start = async (chaos = true): Promise<void> => {
    supervisor = new FakeSupervisor();
    const port = await supervisor.port();
    isThere = true;
    injections.clear();
    cluster = await startTestCluster({
      names: ['s1', 's2', 's3'],
      server: { chaos, supervisorPort: () => (isThere ? port : null) },
      wrap: (log: ReplicatedLog) => {
        const injection = new Pretended();
        injections.set(log.topology().self, injection);
        return delegate(log, { injection });
      },
    });
  };
  afterEach(async () => {
    supervisor.close();
    await cluster.close();
  });

  /** The token of somebody with this role. */
  const tokenOf = async (role: string): Promise<string> => {
    const { body } = await cluster.ask('POST', '/api/v1/tokens', { token: machineKey, body: { name: role, role } });
    return (body as { readonly token: string }).token;
  };
  const act = async (token: string | undefined, body: object, at = 0) => {
    const answer = await cluster.ask(
      'POST',
      '/api/v1/cluster/actions',
      { body, ...(token === undefined ? {} : { token }) },
      at,
    );
    const { error, ...result } = answer.body as { readonly error?: { readonly code: string } };
    return error === undefined ? result : error.code;
  };

  it('is for owners and admins', async () => {
    await start();
    const kill = { action: 'kill', server: 's2' };
    for (const role of ['owner', 'admin']) expect(await act(await tokenOf(role), kill)).toEqual(kill);
    for (const role of ['member', 'guest', 'bot']) expect(await act(await tokenOf(role), kill)).toBe('not-allowed');
    expect(await act(undefined, kill)).toBe('not-signed-in');
    expect(supervisor.orders).toHaveLength(2);
    expect(supervisor.orders[0]).toEqual({ ...kill, asker: 's1' });
  });

  it('is off without chaos, also from one server to another', async () => {
    await start(false);
    expect(await act(await tokenOf('owner'), { action: 'roll' })).toBe('chaos-off');
    const change = { fault: 'slow-disk', ms: 5 };
    const faults = await cluster.ask('POST', '/api/v1/cluster/faults', { token: machineKey, body: change });
    const stepDown = await cluster.ask('POST', '/api/v1/cluster/step-down', { token: machineKey });
    expect([faults.status, stepDown.status]).toEqual([403, 403]);
    expect(supervisor.orders).toEqual([]);
  });

  it('says what the supervisor says, and when there is none', async () => {
    await start();
    const token = await tokenOf('admin');
    expect(await act(token, { action: 'wipe', server: 's9' })).toBe('last-server');
    isThere = false;
    expect(await act(token, { action: 'wipe', server: 's2' })).toBe('no-supervisor');
    isThere = true;
    supervisor.close();
    expect(await act(token, { action: 'wipe', server: 's2' })).toBe('action-failed');
  });

  it('takes the fields of its action, and none besides', async () => {
    await start();
    const token = await tokenOf('admin');
    const wrong: readonly object[] = [
      { action: 'explode' },
      { action: 'kill' },
      { action: 'kill', server: 's2', ms: 4 },
      { action: 'kill', server: 's2', peer: 's1' },
      { action: 'roll', server: 's2' },
      { action: 'add', server: 's4' },
      { action: 'slow-disk', server: 's2' },
      { action: 'slow-disk', server: 's2', ms: standardLimits.faultDelayMaxMs + 1 },
      { action: 'slow-link', server: 's2', ms: -1 },
      { action: 'cut-link', server: 's2', peer: 's2' },
      { action: 'cut-link', server: 's2', ms: 5 },
      { action: 'step-down', ms: 5 },
    ];
    for (const body of wrong) expect(await act(token, body), JSON.stringify(body)).toBe('bad-request');
    expect(await act(token, { action: 'cut-link', server: 's7' })).toBe('no-such-server');
    expect(await act(token, { action: 'cut-link', server: 's2', peer: 's7' })).toBe('no-such-server');
    expect(await act(token, { action: 'cut-link', server: 's1' })).toBe('not-possible');
    expect(await act(token, { action: 'step-down', server: 's2' })).toBe('not-possible');
    expect(await act(token, { action: 'step-down', server: 's7' })).toBe('no-such-server');
    expect(supervisor.orders).toEqual([]);
    for (const { faults } of injections.values()) expect(faults).toEqual({ cutFrom: [], slowLinkMs: 0, slowDiskMs: 0 });
  });

  it('breaks what is another server’s there, and heals a link from either end', async () => {
    await start();
    const token = await tokenOf('admin');
    expect(await act(token, { action: 'slow-disk', server: 's3', ms: 70 })).toEqual({
      action: 'slow-disk',
      server: 's3',
    });
    expect(injections.get('s3')?.faults.slowDiskMs).toBe(70);
    await act(token, { action: 'cut-link', server: 's2' });
    await act(token, { action: 'cut-link', server: 's3', peer: 's2' }, 2);
    expect([injections.get('s2')?.faults.cutFrom, injections.get('s3')?.faults.cutFrom]).toEqual([['s1'], ['s2']]);
    await act(token, { action: 'heal-link', server: 's1', peer: 's2' });
    expect([injections.get('s2')?.faults.cutFrom, injections.get('s3')?.faults.cutFrom]).toEqual([[], ['s2']]);
    await act(token, { action: 'heal-link', server: 's2' });
    expect(injections.get('s3')?.faults.cutFrom).toEqual([]);
    expect(await act(token, { action: 'heal-link', server: 's2' })).toBe('not-possible');
  });

  describe('what is known of it', () => {
    const acted: Acted[] = [];
    const controlAt = async (at: number): Promise<ActingControl> => {
      const port = await supervisor.port();
      const log = delegate(cluster.logs[at]!, { injection: injections.get(`s${at + 1}`)! });
      return new ActingControl(
        { log, machineKey, defaultHostname: '127.0.0.1', limits: { ...standardLimits, controlIntervalMs: 20 } },
        { chaos: true, supervisorPort: () => (isThere ? port : null), onActed: (one) => acted.push(one) },
      );
    };

    it('is kept fresh while somebody watches, told when it changes, and asked for no more when nobody does', async () => {
      await start();
      const control = await controlAt(0);
      let changes = 0;
      control.onChange(() => changes++);
      expect(control.supervisor()).toBe(null);
      expect(await control.look()).toEqual(supervisor.view);
      // Whoever only looks keeps no audit going.
      expect(supervisor.watched).toBe(false);
      control.watch(true);
      await expect.poll(() => supervisor.watched).toBe(true);
      await expect.poll(() => control.supervisor()).toEqual(supervisor.view);
      injections.get('s2')!.slowDisk(30);
      await expect.poll(() => control.faults()).toEqual({ s2: { cutFrom: [], slowLinkMs: 0, slowDiskMs: 30 } });
      injections.get('s1')!.cutLink('s3');
      await expect.poll(() => Object.keys(control.faults())).toEqual(['s1', 's2']);
      supervisor.view = { ...supervisor.view, doing: 'roll' };
      await expect.poll(() => control.supervisor()?.doing).toBe('roll');
      expect(changes).toBeGreaterThan(2);
      isThere = false;
      await expect.poll(() => control.supervisor()).toBe(null);
      isThere = true;
      await expect.poll(() => control.supervisor()).not.toBe(null);
      control.watch(false);
      const { views } = supervisor;
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(supervisor.views - views).toBeLessThan(2);
      control.stop();
    });

    it('is known at once to whoever acted, and told with who it was', async () => {
      await start();
      const control = await controlAt(1);
      acted.splice(0);
      let changes = 0;
      control.onChange(() => changes++);
      await control.act({ action: 'add' }, 'ada');
      expect(control.supervisor()).toEqual(supervisor.view);
      await control.act({ action: 'slow-link', server: 's3', ms: 9 }, 'ada');
      expect(control.faults()).toEqual({ s3: { cutFrom: [], slowLinkMs: 9, slowDiskMs: 0 } });
      expect(changes).toBe(2);
      const refused: ClusterActionRequest = { action: 'kill', server: 's9' };
      await expect(control.act(refused, 'ada')).rejects.toBeInstanceOf(EstafetError);
      expect(acted).toEqual([
        { action: 'add', by: 'ada' },
        { action: 'slow-link', server: 's3', ms: 9, by: 'ada' },
      ]);
    });
  });
});
