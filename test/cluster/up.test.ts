import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { isRunning, runningServers, runningSupervisor, stopCluster } from '../../src/cluster/supervisor/index.ts';
import type { MessagePage } from '../../src/protocol/index.ts';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';
import { estafet, estafetResult } from '../support/estafet.ts';
import { eventually } from '../support/eventually.ts';

const api = async (url: string, token: string, path: string, body?: object): Promise<Response> =>
  fetch(`${url}/api/v1${path}`, {
    headers: { authorization: `Bearer ${token}`, connection: 'close', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });

const post = async (cluster: TestCluster, token: string, text: string): Promise<void> => {
  const answer = await api(cluster.front, token, '/rooms/general/messages', { text });
  expect(answer.status, await answer.text()).toBe(201);
};

const texts = async (url: string, token: string): Promise<string[]> => {
  const page = (await (await api(url, token, '/rooms/general/messages')).json()) as MessagePage;
  return page.messages.map(({ text }) => text);
};

describe('a cluster that is up', () => {
  test('says where it is in one line of JSON, has one primary, and answers at the front door and at every server', async () => {
    await using cluster = await startTestCluster();
    expect(JSON.parse(cluster.up.out())).toEqual({
      front: cluster.front,
      servers: cluster.servers,
      data: cluster.data,
    });
    expect(cluster.up.out().split('\n')).toHaveLength(2);
    expect(cluster.servers.map(({ name }) => name)).toEqual(['s1', 's2', 's3']);
    expect(cluster.servers.map(({ role }) => role).sort()).toEqual(['backup', 'backup', 'primary']);
    expect(cluster.servers.map(({ name, pid }) => cluster.pid(name) === pid)).toEqual([true, true, true]);
    for (const url of [cluster.front, ...cluster.servers.map(({ url }) => url)]) {
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
    }
  });

  test('starts a killed primary again, another one being primary, and nothing acknowledged is lost', async () => {
    await using cluster = await startTestCluster();
    const { primary } = await cluster.settled();
    const token = await cluster.token('Ana', 'admin');
    await post(cluster, token, 'before');
    const pid = cluster.kill(primary!);
    await cluster.waitFor('another primary', (now) => now.primary !== null && now.primary !== primary);
    await post(cluster, token, 'after');
    await cluster.settled();
    expect(cluster.pid(primary!)).not.toBe(pid);
    for (const { url, name } of cluster.servers) {
      await eventually(`both messages on ${name}`, async () => (await texts(url, token)).join() === 'before,after');
    }
  });

  test('serves on when its supervisor is killed, and is taken over by the next one', async () => {
    await using cluster = await startTestCluster();
    await cluster.settled();
    const before = runningServers(cluster.data).map(({ pid }) => pid);
    const token = await cluster.token();
    await cluster.killSupervisor();
    await post(cluster, token, 'nobody watches');
    cluster.kill('s2');
    await eventually('s2 is gone', () => cluster.pid('s2') === null);
    await cluster.upAgain();
    await cluster.settled();
    expect([cluster.pid('s1'), cluster.pid('s3')]).toEqual([before[0], before[2]]);
    cluster.kill('s3');
    await eventually('s3 runs again', () => cluster.pid('s3') !== null && cluster.pid('s3') !== before[2]);
    await eventually('the message is there', async () =>
      (await texts(cluster.front, token)).includes('nobody watches'),
    );
  });

  test('ends with Ctrl-C, in order, with every process', async () => {
    await using cluster = await startTestCluster();
    const marks = runningServers(cluster.data);
    cluster.up.child.kill('SIGINT');
    expect(await cluster.up.ended).toEqual({ code: 0, signal: null });
    expect(marks.filter(isRunning)).toEqual([]);
    expect(existsSync(join(cluster.data, 's1', 'server.json'))).toBe(false);
    expect(cluster.up.err()).toBe('');
  });

  test('ends with estafet down, with every process', async () => {
    await using cluster = await startTestCluster();
    const marks = runningServers(cluster.data);
    const { code, out } = await estafetResult(['down', '--data', cluster.data]);
    expect([code, out]).toEqual([0, 'Stopped s1, s2, s3.\n']);
    expect((await cluster.up.ended).code).toBe(0);
    expect(marks.filter(isRunning)).toEqual([]);
    expect((await estafetResult(['down', '--data', cluster.data])).out).toContain('Nothing ran');
  });

  test('is not disturbed by a second one on the same data, which is refused', async () => {
    await using cluster = await startTestCluster();
    const again = await estafetResult(['up', '--data', cluster.data, '--port', '5400', '--front', '5409']);
    expect(again).toMatchObject({
      code: 69,
      out: '',
      err: expect.stringContaining(`${runningSupervisor(cluster.data)!.pid}`),
    });
    expect((await fetch(`${cluster.front}/readyz`)).status).toBe(200);
  });

  test('has a front door in the supervisor where the system cannot share a port', async () => {
    await using cluster = await startTestCluster({ env: { ESTAFET_FRONT: 'forwarder' } });
    const token = await cluster.token();
    await post(cluster, token, 'through the forwarder');
    cluster.kill('s1');
    await eventually('the front door answers', async () => (await texts(cluster.front, token)).length === 1);
  });
});

describe('a token', () => {
  test('is all that is printed, and signs in with the role that was asked for', async () => {
    await using cluster = await startTestCluster({ servers: 2 });
    const { code, out, err } = await estafetResult([
      'token',
      '--name',
      'Rui',
      '--role',
      'admin',
      '--data',
      cluster.data,
    ]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^\S+\n$/);
    const session = (await (await api(cluster.front, out.trim(), '/session')).json()) as { user: object };
    expect(session.user).toMatchObject({ name: 'Rui', role: 'admin' });
  });

  test('comes from another server when the first does not answer', async () => {
    await using cluster = await startTestCluster();
    const { primary } = await cluster.settled();
    const first = cluster.servers.find(({ name }) => name !== primary)!.name;
    cluster.kill(first, 'SIGSTOP');
    expect(await cluster.token()).toMatch(/^\S+$/);
  });

  test('needs a running server', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'estafet-none-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const { code, out, err } = await estafetResult(['token', '--name', 'Rui', '--data', folder]);
    expect([code, out, err]).toEqual([69, '', expect.stringContaining('estafet up')]);
  });
});

test('a backup that hangs is ended and started again, so that the front door sends nobody to it for long', async () => {
  await using cluster = await startTestCluster();
  const { primary } = await cluster.settled();
  const hung = cluster.servers.find(({ name }) => name !== primary)!.name;
  const pid = cluster.kill(hung, 'SIGSTOP');
  await cluster.waitFor('the backup is another process, and in sync', ({ servers }) =>
    servers.every((server) => server.inSync && (server.name !== hung || server.pid !== pid)),
  );
  expect(await cluster.topology()).toMatchObject({ primary, epoch: 1 });
});

describe('the machine key', () => {
  test('is its owner’s alone', async () => {
    await using cluster = await startTestCluster({ servers: 1 });
    const path = join(cluster.data, 'machine.key');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8').trim()).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('a command line that cannot do what it is asked', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'estafet-refused-'));
  });
  afterEach(async () => {
    await stopCluster(join(folder, 'data'));
    rmSync(folder, { recursive: true, force: true });
  });
  const up = (): ReturnType<typeof estafetResult> =>
    estafetResult(['up', '--data', join(folder, 'data'), '--host', '127.0.0.1', '--port', '5410', '--front', '5419']);

  test('names a port that is in use, and starts nothing', async () => {
    const other = createServer().listen(5411, '127.0.0.1');
    onTestFinished(() => void other.close());
    expect(await up()).toMatchObject({ code: 69, out: '', err: expect.stringContaining('Port 5411') });
    expect(existsSync(join(folder, 'data', 's1'))).toBe(false);
    expect(runningSupervisor(join(folder, 'data'))).toBeNull();
  });

  test('leaves data of another version alone', async () => {
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'data', 'estafet.json'), '{"format":2,"createdBy":"2.0.0"}');
    expect(await up()).toMatchObject({ code: 65, out: '', err: expect.stringContaining('2.0.0') });
  });

  test('says that a file is where the data should be', async () => {
    writeFileSync(join(folder, 'data'), '');
    expect(await up()).toMatchObject({ code: 73, out: '', err: expect.stringContaining('file') });
  });

  test('knows its options', async () => {
    expect(await estafetResult(['up', '--sever', '3'])).toMatchObject({
      code: 64,
      err: expect.stringContaining("'--sever'"),
    });
    expect(await estafetResult(['up', '--port', '80000'])).toMatchObject({
      code: 64,
      err: expect.stringContaining('65535'),
    });
    expect(await estafetResult(['dance'])).toMatchObject({ code: 64, err: expect.stringContaining("'dance'") });
  });
});

describe('one server by itself', () => {
  test('stops in order when told to, and is refused twice', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'estafet-serve-'));
    const data = join(folder, 'data');
    onTestFinished(async () => {
      await stopCluster(data);
      rmSync(folder, { recursive: true, force: true });
    });
    const args = ['serve', '--name', 's1', '--port', '5420', '--host', '127.0.0.1', '--data', data];
    const server = estafet(args);
    await eventually('it is ready', async () => (await fetch('http://127.0.0.1:5420/readyz')).ok);
    expect(await estafetResult(args)).toMatchObject({ code: 69, err: expect.stringContaining(`${server.child.pid}`) });
    // Whoever read its output goes away, which must not end it.
    server.child.stdout!.destroy();
    server.child.stderr!.destroy();
    expect((await fetch('http://127.0.0.1:5420/healthz')).ok).toBe(true);
    server.child.kill('SIGTERM');
    const code = await new Promise((resolve) => server.child.once('exit', resolve));
    expect(code).toBe(0);
    expect(existsSync(join(data, 's1', 'server.json'))).toBe(false);
  });
});
