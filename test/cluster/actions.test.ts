/**
 * Every control of the cluster page, on real processes: it does what it says to the process, the link or the disk, and
 * the cluster lives with it. `ESTAFET_CONTROLS=500 ESTAFET_SEED=7` plays longer, and otherwise.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isRunning, runningServer, runningServers } from '../../src/cluster/supervisor/index.ts';
import type { AuditPanelView, TopologyView } from '../../src/protocol/index.ts';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';
import { type Controls, controlsOf } from '../support/controls.ts';
import { eventually } from '../support/eventually.ts';
import { play } from '../support/random-controls.ts';

const controlsMax = Number(process.env.ESTAFET_CONTROLS ?? 30);
const seed = Number(process.env.ESTAFET_SEED ?? 5);
/** Each control may have to wait for one before it that takes a while. */
const playMaxMs = 120_000 + controlsMax * 3_000;

let cluster: TestCluster;
let controls: Controls;
let token = '';

beforeAll(async () => {
  cluster = await startTestCluster();
  token = await cluster.token('Ada', 'admin');
  controls = controlsOf(cluster, token);
});
afterAll(() => cluster?.stop());

const mark = (name: string) => {
  const server = runningServer(cluster.data, name);
  if (server === null) throw new Error(`${name} does not run`);
  return server;
};
/** The process's state as the kernel has it (proc(5)): `T` is stopped. */
const kernelState = (pid: number): string => /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))![1]!;
const inSync = ({ servers }: TopologyView): string[] =>
  servers.filter((one) => one.inSync && one.role !== 'down').map(({ name }) => name);
const primary = async (): Promise<string> =>
  (await cluster.waitFor('a primary', (now) => now.primary !== null)).primary!;
const aBackup = async (): Promise<string> => {
  const now = await cluster.topology();
  return now!.servers.find(({ role, inSync: isIn }) => role === 'backup' && isIn)!.name;
};
const backInSync = (name: string): Promise<TopologyView> =>
  cluster.waitFor(`${name} is in sync`, (now) => inSync(now).includes(name));

/** Posts a message at a server; how long its acknowledgement took, in ms. */
const post = async (name: string, text: string): Promise<number> => {
  const startedAt = performance.now();
  const answer = await fetch(`${mark(name).url}/api/v1/rooms/general/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
  });
  expect(answer.status).toBe(201);
  return performance.now() - startedAt;
};
const textsOn = async (name: string): Promise<string[]> => {
  const answer = await fetch(`${mark(name).url}/api/v1/rooms/general/messages?limit=200`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return ((await answer.json()) as { messages: { text: string }[] }).messages.map(({ text }) => text);
};

describe('what is done to a process', () => {
  test('kill: it is gone, even when it was asked itself, and another one is started, in which nothing is broken', async () => {
    const name = await aBackup();
    await controls.do({ action: 'slow-disk', server: name, ms: 100 });
    const before = mark(name);
    expect(await controls.do({ action: 'kill', server: name }, name)).toEqual({ action: 'kill', server: name });
    await eventually('the process is gone', () => !isRunning(before));
    await eventually('another one runs', () => runningServer(cluster.data, name) !== null);
    expect(mark(name).pid).not.toBe(before.pid);
    await backInSync(name);
    expect(await controls.faults(name)).toEqual({ cutFrom: [], slowLinkMs: 0, slowDiskMs: 0 });
  });

  test('pause and resume: the kernel has stopped it, it leaves the set, and comes back as the same process', async () => {
    const name = await aBackup();
    const { pid } = mark(name);
    await controls.do({ action: 'pause', server: name });
    await eventually('the kernel has stopped it', () => kernelState(pid) === 'T');
    expect((await controls.view()).servers.find((one) => one.name === name)).toMatchObject({ state: 'paused', pid });
    await cluster.waitFor(`${name} is dropped`, (now) => !inSync(now).includes(name));
    await post(await primary(), 'while one is paused');
    expect(await controls.refusal({ action: 'pause', server: name })).toBe('not-possible');
    await controls.do({ action: 'resume', server: name });
    await eventually('it goes on', () => kernelState(pid) !== 'T');
    await backInSync(name);
    expect(mark(name).pid).toBe(pid);
    expect(await textsOn(name)).toContain('while one is paused');
  });

  test('a paused primary is killed by the others, as a hung one is, and is started again', async () => {
    const name = await primary();
    const before = mark(name);
    const { epoch } = (await cluster.topology())!;
    // Asked itself: it says that it is done before it is.
    await controls.do({ action: 'pause', server: name }, name);
    await cluster.waitFor('another leads', (now) => now.primary !== null && now.primary !== name && now.epoch > epoch);
    expect(isRunning(before)).toBe(false);
    await backInSync(name);
    await eventually('the supervisor has all of them running', async () =>
      (await controls.view()).servers.every(({ state }) => state === 'running'),
    );
  });

  test('restart: it stops in order and is started, and a primary hands over first', async () => {
    const name = await primary();
    const before = mark(name);
    const { epoch } = (await cluster.topology())!;
    await controls.do({ action: 'restart', server: name });
    await eventually('another process is it', () => mark(name).pid !== before.pid);
    const now = await backInSync(name);
    expect(now.epoch).toBe(epoch + 1);
    expect(cluster.up.out()).not.toContain('exited');
  });

  test('step-down: another leads, and every process is the same', async () => {
    const name = await primary();
    const pids = runningServers(cluster.data).map(({ pid }) => pid);
    const backup = await aBackup();
    expect(await controls.refusal({ action: 'step-down', server: backup })).toBe('not-possible');
    // Asked of one that is not the primary, which passes it on.
    expect(await controls.do({ action: 'step-down' }, backup)).toEqual({ action: 'step-down', server: name });
    await cluster.waitFor('another leads', (now) => now.primary !== null && now.primary !== name);
    await cluster.settled();
    expect(runningServers(cluster.data).map(({ pid }) => pid)).toEqual(pids);
  });
});

describe('what is done to links and disks', () => {
  test('cut-link: the backup leaves the set and stays out, and is back with everything when the link is healed', async () => {
    const [lead, name] = [await primary(), await aBackup()];
    const { epoch } = (await cluster.topology())!;
    const { pid } = mark(name);
    await controls.do({ action: 'cut-link', server: name }, lead);
    expect(await controls.faults(name)).toEqual({ cutFrom: [lead], slowLinkMs: 0, slowDiskMs: 0 });
    await eventually(`${name} is dropped`, async () => {
      const seen = (await (await fetch(`${mark(lead).url}/api/v1/topology`)).json()) as TopologyView;
      const one = seen.servers.find((server) => server.name === name);
      return one?.role === 'down' && !one.inSync;
    });
    await post(lead, 'while a link is cut');
    expect(await textsOn(name)).not.toContain('while a link is cut');
    expect(await controls.refusal({ action: 'cut-link', server: lead })).toBe('not-possible');
    expect(await controls.refusal({ action: 'cut-link', server: name, peer: name })).toBe('bad-request');
    // Asked by the other end of the link than the one that was told to cut it.
    await controls.do({ action: 'heal-link', server: lead, peer: name });
    await backInSync(name);
    await eventually(`${name} has what it missed`, async () => (await textsOn(name)).includes('while a link is cut'));
    expect(await controls.refusal({ action: 'heal-link', server: name })).toBe('not-possible');
    expect([mark(name).pid, (await cluster.topology())!.epoch]).toEqual([pid, epoch]);
  });

  test.each(['slow-disk', 'slow-link'] as const)('%s of a backup shows in the acknowledgements', async (action) => {
    const [lead, name] = [await primary(), await aBackup()];
    await controls.do({ action, server: name, ms: 400 });
    expect(Object.values(await controls.faults(name))).toContain(400);
    expect(await post(lead, action)).toBeGreaterThan(390);
    await controls.do({ action, server: name, ms: 0 });
    await post(lead, 'the last slow one');
    expect(await post(lead, 'fast')).toBeLessThan(390);
    expect(await controls.refusal({ action, server: name, ms: 60_000 })).toBe('bad-request');
  });
});

describe('what changes who there is', () => {
  test('wipe: its log is another, and has everything again', async () => {
    const name = await aBackup();
    const before = await textsOn(name);
    expect(before.length).toBeGreaterThan(3);
    const { pid } = mark(name);
    const origin = readFileSync(join(cluster.data, name, 'chat.origin'), 'utf8');
    await controls.do({ action: 'wipe', server: name });
    expect(await controls.refusal({ action: 'roll' })).toBe('not-possible');
    await controls.quiet('the wipe is over');
    await backInSync(name);
    expect(mark(name).pid).not.toBe(pid);
    expect(readFileSync(join(cluster.data, name, 'chat.origin'), 'utf8')).not.toBe(origin);
    expect(await textsOn(name)).toEqual(before);
    expect(readdirSync(join(cluster.data, 'aside'))).toEqual([]);
  });

  test('add and remove: a server more that has everything, and one less that nobody counts any more', async () => {
    const { server } = await controls.do({ action: 'add' });
    expect(server).toBe('s4');
    await controls.quiet('s4 is in sync');
    const now = await backInSync('s4');
    expect(inSync(now)).toEqual(['s1', 's2', 's3', 's4']);
    expect(await textsOn('s4')).toEqual(await textsOn(await primary()));
    const gone = await primary();
    const before = mark(gone);
    await controls.do({ action: 'remove', server: gone });
    await controls.quiet(`${gone} has been removed`);
    expect(isRunning(before)).toBe(false);
    expect(existsSync(join(cluster.data, gone))).toBe(false);
    await eventually('no server counts it', async () => {
      const seen = await Promise.all(
        runningServers(cluster.data).map(
          async ({ url }) => (await (await fetch(`${url}/api/v1/topology`)).json()) as TopologyView,
        ),
      );
      return (
        seen.length === 3 &&
        seen.every((one) => !one.servers.some(({ name }) => name === gone) && inSync(one).length === 3)
      );
    });
    expect(await controls.refusal({ action: 'kill', server: gone })).toBe('no-such-server');
    await cluster.settled();
  });

  test('roll: every process is another, one at a time, and the primary hands over last', async () => {
    const before = runningServers(cluster.data);
    const { epoch } = (await cluster.topology())!;
    await controls.do({ action: 'roll' });
    await controls.quiet('all have been restarted');
    const now = await cluster.settled();
    expect(before.filter(isRunning)).toEqual([]);
    expect(now.epoch).toBe(epoch + 1);
  });
});

describe('who may, and what may not', () => {
  test('only owners and admins act', async () => {
    const member = controlsOf(cluster, await cluster.token('Bob'));
    const before = runningServers(cluster.data).map(({ pid }) => pid);
    const name = await aBackup();
    for (const action of ['kill', 'pause', 'wipe', 'remove', 'cut-link'] as const) {
      expect(await member.refusal({ action, server: name })).toBe('not-allowed');
    }
    expect(await member.refusal({ action: 'roll' })).toBe('not-allowed');
    const { url } = mark(name);
    const nobody = await fetch(`${url}/api/v1/cluster/actions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"action": "roll"}',
    });
    const key = await fetch(`${url}/api/v1/cluster/faults`, { headers: { authorization: `Bearer ${token}` } });
    expect([nobody.status, key.status]).toEqual([401, 403]);
    expect(runningServers(cluster.data).map(({ pid }) => pid)).toEqual(before);
  });

  test('the last server that has everything is left as it is', async () => {
    const [lead, others] = [
      await primary(),
      (await cluster.topology())!.servers.filter(({ role }) => role === 'backup'),
    ];
    for (const { name } of others) await controls.do({ action: 'pause', server: name });
    for (const action of ['kill', 'pause', 'restart', 'wipe', 'remove'] as const) {
      expect(await controls.refusal({ action, server: lead }), action).toBe('last-server');
    }
    for (const { name } of others) await controls.do({ action: 'resume', server: name });
    await cluster.settled();
  });
});

describe('the audit', () => {
  test(
    'P1 P2 P4 stays at nothing lost and nothing doubled, whatever is done',
    async () => {
      const audit = async (): Promise<AuditPanelView | null> => (await controls.view()).audit;
      await eventually('it has begun', async () => ((await audit())?.acknowledged ?? 0) > 2);
      const { said, done } = await play(controls, { seed, controls: controlsMax });
      const names = (await controls.view()).servers.map(({ name }) => name);
      await cluster.waitFor('all are in sync', (now) => inSync(now).join() === names.join(), 90_000);
      const sure = (await audit())!.acknowledged;
      const found = await eventually('every server has shown what was acknowledged', async () => {
        const now = await audit();
        return now !== null && names.every((name) => (now.found[name] ?? 0) >= sure + 2) ? now : null;
      }).catch(async (error: unknown) => {
        throw new Error(`seed ${seed}:\n${said.join('\n')}\n${JSON.stringify(await audit(), null, 1)}`, {
          cause: error,
        });
      });
      const bad = { lost: found.lost, doubled: found.doubled, outOfOrder: found.outOfOrder, strange: found.strange };
      const told = `seed ${seed}:\n${said.join('\n')}\n${JSON.stringify(found.notices, null, 1)}`;
      expect(bad, told).toEqual({ lost: 0, doubled: 0, outOfOrder: 0, strange: 0 });
      expect(found.holds, told).toBe(true);
      expect(found.fingerprints?.equal).toBe(true);
      expect(Object.keys(found.found).sort()).toEqual(names);
      expect(done, told).toBeGreaterThan(controlsMax / 5);
    },
    playMaxMs,
  );
});

describe('without', () => {
  test('a supervisor, nothing is done to processes, and the rest still is', async () => {
    const pids = runningServers(cluster.data).map(({ pid }) => pid);
    await cluster.killSupervisor();
    for (const action of ['kill', 'pause', 'restart', 'wipe', 'remove'] as const) {
      expect(await controls.refusal({ action, server: 's1' }), action).toBe('no-supervisor');
    }
    expect(await controls.refusal({ action: 'add' })).toBe('no-supervisor');
    expect(runningServers(cluster.data).map(({ pid }) => pid)).toEqual(pids);
    await post(await primary(), 'nobody looks after the servers');
    const name = await aBackup();
    await controls.do({ action: 'slow-disk', server: name, ms: 5 });
    await controls.do({ action: 'slow-disk', server: name, ms: 0 });
    await controls.do({ action: 'step-down' });
  });

  test('leave to break anything (--no-chaos), nothing is', async () => {
    await using calm = await startTestCluster({ servers: 1, args: ['--no-chaos'] });
    const admin = controlsOf(calm, await calm.token('Ada', 'admin'));
    const before = runningServers(calm.data).map(({ pid }) => pid);
    for (const action of ['kill', 'pause', 'wipe', 'cut-link'] as const) {
      expect(await admin.refusal({ action, server: 's1' }), action).toBe('chaos-off');
    }
    for (const action of ['add', 'roll', 'step-down'] as const) {
      expect(await admin.refusal({ action }), action).toBe('chaos-off');
    }
    const member = controlsOf(calm, await calm.token('Bob'));
    expect(await member.refusal({ action: 'roll' })).toBe('not-allowed');
    expect(runningServers(calm.data).map(({ pid }) => pid)).toEqual(before);
  });
});
