/** What a supervisor does when it is told to, and what it refuses, through its door, with servers that only pretend. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../../../test/support/eventually.ts';
import { freePorts } from '../../../test/support/ports.ts';
import { limits, type OrderAnswer, type SupervisorView } from '../../protocol/index.ts';
import type { Cluster, ClusterAudit, ClusterEvent } from './cluster.ts';
import { readMachineKey, releaseSupervision, runningSupervisor } from './data-folder.ts';
import { stopCluster } from './stop-cluster.ts';
import { startCluster } from './supervisor.ts';

const fakeServe = fileURLToPath(new URL('../../../test/support/fake-serve.ts', import.meta.url));
const port = await freePorts('127.0.0.1', 14);

let folder = '';
let data = '';
let events: ClusterEvent[] = [];
let cluster: Cluster;
let watched = 0;

const audit: ClusterAudit = {
  view: null,
  watched: () => {
    watched++;
  },
  stop: async () => undefined,
};

const start = async (servers: number): Promise<void> => {
  cluster = await startCluster({
    ...{ servers, port, front: port + 13, host: '127.0.0.1', data, forwarder: false, version: '0.0.0' },
    command: [process.execPath, fakeServe],
    serveOptions: [],
    audit: () => audit,
    onEvent: (event) => events.push(event),
  });
  await cluster.ready;
};

const ask = async (method: string, path: string, body?: unknown, key = readMachineKey(data)) => {
  const answer = await fetch(`http://127.0.0.1:${runningSupervisor(data)?.door}${path}`, {
    method,
    headers: key === '' ? {} : { authorization: `Bearer ${key}` },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as unknown };
};

const order = async (action: string, server?: string): Promise<OrderAnswer> => {
  const { status, body } = await ask('POST', '/orders', { action, server });
  expect(body).not.toHaveProperty('error');
  expect(status).toBe(200);
  return body as OrderAnswer;
};
const refusal = async (action: string, server?: string): Promise<string> => {
  const { status, body } = await ask('POST', '/orders', { action, server });
  expect(status).toBeGreaterThanOrEqual(400);
  return (body as { readonly error: { readonly code: string } }).error.code;
};
const view = async (): Promise<SupervisorView> => (await ask('GET', '/view')).body as SupervisorView;
const states = async (): Promise<string[]> => (await view()).servers.map(({ name, state }) => `${name} ${state}`);
const pidOf = (name: string): number | null => cluster.status().find((one) => one.name === name)?.pid ?? null;
const stateOf = (pid: number | null): string => /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))![1]!;
const quiet = (what: string): Promise<unknown> => eventually(what, async () => (await view()).doing === null);
const stopped = (): string[] => readFileSync(join(folder, 'stopped'), 'utf8').trim().split('\n');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'estafet-orders-'));
  data = join(folder, 'data');
  events = [];
  watched = 0;
});

afterEach(async () => {
  await cluster.stop();
  await stopCluster(data);
  rmSync(folder, { recursive: true, force: true });
});

describe('the door', () => {
  test('is for who has the machine’s key, and understands only what it says it does', async () => {
    await start(1);
    expect((await ask('GET', '/view', undefined, '')).status).toBe(401);
    expect((await ask('GET', '/view', undefined, 'f'.repeat(64))).status).toBe(403);
    expect((await ask('GET', '/', undefined)).status).toBe(404);
    expect((await ask('POST', '/orders', '{')).status).toBe(400);
    expect((await ask('POST', '/orders', { action: 'explode' })).status).toBe(400);
    expect((await ask('POST', '/orders', { action: 'kill', server: 7 })).status).toBe(400);
    expect((await ask('POST', '/orders', ' '.repeat(5_000))).status).toBe(413);
    expect(watched).toBe(0);
    const { pid, servers, doing, audit: panel } = await view();
    expect({ pid, doing, panel }).toEqual({ pid: process.pid, doing: null, panel: null });
    const s1 = { name: 's1', port, pid: pidOf('s1'), state: 'running', startsAt: null, added: false };
    expect(servers).toEqual([s1]);
    expect(watched).toBe(0);
    expect((await ask('GET', '/watched')).body).toEqual(await view());
    expect(watched).toBe(1);
  });
});

describe('a supervisor that is told to', () => {
  test('kill: the process is gone, and another is started', async () => {
    await start(2);
    const before = pidOf('s2');
    expect((await order('kill', 's2')).result).toEqual({ action: 'kill', server: 's2' });
    await eventually('s2 serves again', async () => (await states())[1] === 's2 running' && pidOf('s2') !== before);
    expect(events.filter(({ what }) => what === 'ordered' || what === 'died').map(({ what }) => what)).toEqual([
      'ordered',
      'died',
    ]);
  });

  test('pause and resume: the process is stopped, is not taken for hung, and goes on', async () => {
    await start(2);
    const pid = pidOf('s1');
    await order('pause', 's1');
    await eventually('the kernel has stopped it', () => stateOf(pid) === 'T');
    expect(await states()).toEqual(['s1 paused', 's2 running']);
    expect(await refusal('pause', 's1')).toBe('not-possible');
    expect(await refusal('kill', 's2')).toBe('last-server');
    await order('resume', 's1');
    await eventually('it goes on', () => stateOf(pid) !== 'T');
    expect(await refusal('resume', 's1')).toBe('not-possible');
    expect(pidOf('s1')).toBe(pid);
    expect(events.map(({ what }) => what)).not.toContain('hung');
  });

  test('restart: it is stopped in order, and started at once', async () => {
    await start(2);
    const before = pidOf('s1');
    await order('restart', 's1');
    await eventually('s1 serves again', async () => (await states())[0] === 's1 running' && pidOf('s1') !== before);
    expect(stopped()).toEqual(['s1']);
    expect(events.map(({ what }) => what)).not.toContain('died');
  });

  test('wipe: it starts with nothing, what it had is kept until it is in sync, and another action waits', async () => {
    await start(2);
    writeFileSync(join(data, 's2', 'log.db'), 'much');
    writeFileSync(join(folder, 's2-behind'), '');
    const before = pidOf('s2');
    await order('wipe', 's2');
    expect((await view()).doing).toBe('wipe s2');
    expect(await refusal('roll')).toBe('not-possible');
    await eventually('s2 serves again', async () => (await states())[1] === 's2 running' && pidOf('s2') !== before);
    expect(existsSync(join(data, 's2', 'log.db'))).toBe(false);
    const [aside] = readdirSync(join(data, 'aside'));
    expect(readFileSync(join(data, 'aside', aside!, 'log.db'), 'utf8')).toBe('much');
    expect((await view()).doing).toBe('wipe s2');
    rmSync(join(folder, 's2-behind'));
    await quiet('the wipe is over');
    expect(readdirSync(join(data, 'aside'))).toEqual([]);
  });

  test('wipe: the only disk that has everything is left as it is', async () => {
    await start(2);
    writeFileSync(join(data, 's1', 'log.db'), 'much');
    writeFileSync(join(folder, 's2-behind'), '');
    expect(await refusal('wipe', 's1')).toBe('last-server');
    expect(readFileSync(join(data, 's1', 'log.db'), 'utf8')).toBe('much');
  });

  test('add and remove: a server more, with a name and a port of its own, and one less, whose folder is aside', async () => {
    await start(2);
    expect((await order('add')).result).toEqual({ action: 'add', server: 's3' });
    await quiet('s3 is in sync');
    expect((await view()).servers[2]).toMatchObject({ name: 's3', port: port + 2, state: 'running', added: true });
    await order('remove', 's1');
    await quiet('s1 has been removed');
    expect(await states()).toEqual(['s2 running', 's3 running']);
    expect(existsSync(join(data, 's1'))).toBe(false);
    expect(readdirSync(join(data, 'aside'))).toEqual([expect.stringMatching(/^s1-\d+$/)]);
    expect((await order('add')).result.server).toBe('s1');
    await quiet('s1 is in sync');
    expect(cluster.status().map(({ name }) => name)).toEqual(['s1', 's2', 's3']);
    expect(await refusal('kill', 's4')).toBe('no-such-server');
  });

  test('roll: each in turn, the primary last', async () => {
    await start(3);
    const before = cluster.status().map(({ pid }) => pid);
    await order('roll');
    await quiet('all have been restarted');
    expect(stopped()).toEqual(['s2', 's3', 's1']);
    const after = cluster.status().map(({ pid }) => pid);
    expect(after.filter((pid) => pid === null || before.includes(pid))).toEqual([]);
    expect(events.filter(({ what }) => what === 'order-failed')).toEqual([]);
  });

  test('a server that was added is adopted by the next supervisor, on its own port', async () => {
    await start(1);
    await order('add');
    await quiet('s2 is in sync');
    const pids = cluster.status().map(({ pid }) => pid);
    // As though the supervisor had been killed: the servers go on.
    releaseSupervision(data);
    const first = cluster;
    await start(1);
    expect(cluster.status().map(({ pid }) => pid)).toEqual(pids);
    expect((await view()).servers.map(({ added }) => added)).toEqual([false, true]);
    await cluster.stop();
    await first.stop();
  });
});

describe('what would stop everything, or lose something, is refused', () => {
  test('anything that ends the only server', async () => {
    await start(1);
    const pid = pidOf('s1');
    for (const action of ['kill', 'pause', 'restart', 'wipe', 'remove', 'roll']) {
      expect(await refusal(action, action === 'roll' ? undefined : 's1'), action).toBe('last-server');
    }
    expect(pidOf('s1')).toBe(pid);
    expect(stateOf(pid)).not.toBe('T');
  });

  test('of two that are told to die at once, one is', async () => {
    await start(2);
    const answers = await Promise.all(['s1', 's2'].map((server) => ask('POST', '/orders', { action: 'kill', server })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test('one server more than there may be', async () => {
    await start(limits.replicasMax);
    expect(await refusal('add')).toBe('servers-max');
  });
});
