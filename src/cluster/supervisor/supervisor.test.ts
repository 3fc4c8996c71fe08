import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../../../test/support/eventually.ts';
import { freePorts } from '../../../test/support/ports.ts';
import type { Cluster, ClusterEvent, ClusterOptions } from './cluster.ts';
import { claimSupervision, releaseSupervision, runningServers } from './data-folder.ts';
import { isRunning, ownMark, processIdentity } from './process-identity.ts';
import { stopCluster } from './stop-cluster.ts';
import { startCluster } from './supervisor.ts';

const fakeServe = fileURLToPath(new URL('../../../test/support/fake-serve.ts', import.meta.url));
const port = await freePorts('127.0.0.1', 10);
const front = port + 9;

let folder = '';
let data = '';
let events: ClusterEvent[] = [];
let started: Cluster[] = [];

const options = (changes: Partial<ClusterOptions> = {}): ClusterOptions => ({
  ...{ servers: 3, port, front, host: '127.0.0.1', data, forwarder: false, version: '0.0.0' },
  command: [process.execPath, fakeServe],
  serveOptions: [],
  onEvent: (event) => events.push(event),
  ...changes,
});

const start = async (changes: Partial<ClusterOptions> = {}): Promise<Cluster> => {
  const cluster = await startCluster(options(changes));
  started.push(cluster);
  await cluster.ready;
  return cluster;
};

/** The exit code and the sentence with which a cluster does not start. */
const refusal = (starting: Promise<unknown>): Promise<{ exitCode: number; message: string }> =>
  starting.then(
    () => {
      throw new Error('It started.');
    },
    (error: { exitCode: number; message: string }) => error,
  );

const text = async (url: string): Promise<string> => (await fetch(url, { headers: { connection: 'close' } })).text();
const deaths = (): ClusterEvent[] => events.filter(({ what }) => what === 'died');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'estafet-supervisor-'));
  data = join(folder, 'data');
  events = [];
  started = [];
});

afterEach(async () => {
  for (const cluster of started) await cluster.stop();
  releaseSupervision(data);
  await stopCluster(data);
  rmSync(folder, { recursive: true, force: true });
});

describe('a supervisor', () => {
  test('is ready when every server is, and knows their roles', async () => {
    const cluster = await start();
    expect(cluster.status()).toEqual([
      { name: 's1', url: `http://127.0.0.1:${port}`, pid: expect.any(Number), role: 'primary' },
      { name: 's2', url: `http://127.0.0.1:${port + 1}`, pid: expect.any(Number), role: 'backup' },
      { name: 's3', url: `http://127.0.0.1:${port + 2}`, pid: expect.any(Number), role: 'backup' },
    ]);
    expect(await text(cluster.front)).toMatch(/^s[123]$/);
  });

  test('starts a server that is killed again, at once', async () => {
    const cluster = await start();
    const before = cluster.status()[1]!.pid!;
    process.kill(before, 'SIGKILL');
    await eventually('s2 serves again', () =>
      events.some(
        ({ what, name }) =>
          what === 'ready' && name === 's2' && cluster.status()[1]!.pid !== before && deaths().length > 0,
      ),
    );
    expect(deaths()).toEqual([
      {
        what: 'died',
        name: 's2',
        restartInMs: 250,
        death: { pid: before, code: null, signal: 'SIGKILL', lastWords: '' },
      },
    ]);
  });

  test('stops the backups first and the primary last, and leaves no process', async () => {
    const cluster = await start();
    const marks = runningServers(data);
    await cluster.stop();
    expect(readFileSync(join(folder, 'stopped'), 'utf8').trim().split('\n').at(-1)).toBe('s1');
    expect(marks.filter(isRunning)).toEqual([]);
    expect(existsSync(join(data, 'supervisor.json'))).toBe(false);
  });

  test('goes on without a server that fails again and again', async () => {
    mkdirSync(join(data, 's3'), { recursive: true });
    writeFileSync(join(data, 's3', 'fails'), '{"code": 65, "words": "The log of s3 is damaged."}');
    const cluster = await start();
    expect(cluster.status().map(({ role }) => role)).toEqual(['primary', 'backup', 'down']);
    expect(deaths()[0]).toMatchObject({ name: 's3', death: { code: 65, lastWords: 'The log of s3 is damaged.' } });
  });

  test('gives up with the servers’ own sentence and exit code when none of them starts', async () => {
    for (const name of ['s1', 's2', 's3']) {
      mkdirSync(join(data, name), { recursive: true });
      writeFileSync(join(data, name, 'fails'), '{"code": 74, "words": "The disk is full."}');
    }
    const { exitCode, message } = await refusal(start());
    expect(exitCode).toBe(74);
    expect(message).toContain('The disk is full.');
    expect(existsSync(join(data, 'supervisor.json'))).toBe(false);
  });

  test('where the port cannot be shared, passes connections on to a live server', async () => {
    const cluster = await start({ forwarder: true });
    expect(await text(cluster.front)).toMatch(/^s[123]$/);
    const marks = runningServers(data).slice(0, 2);
    for (const { pid } of marks) process.kill(pid, 'SIGKILL');
    // Until a killed process is gone, its port still takes connections that nobody will answer.
    await eventually('both are gone', () => !marks.some(isRunning));
    expect(await text(cluster.front)).toMatch(/^s[123]$/);
  });
});

describe('what is in the way is said before anything is started', () => {
  const servers: Server[] = [];
  const occupy = (at: number, reusePort: boolean): Promise<void> =>
    new Promise((resolve) => servers.push(createServer().listen({ port: at, host: '127.0.0.1', reusePort }, resolve)));
  afterEach(async () => {
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  });

  test('a server’s port that is in use', async () => {
    await occupy(port + 1, false);
    const { exitCode, message } = await refusal(start());
    expect([exitCode, message]).toEqual([69, expect.stringContaining(`Port ${port + 1}`)]);
    expect(events).toEqual([]);
  });

  test('a front door that another program would share with us', async () => {
    await occupy(front, true);
    const { exitCode, message } = await refusal(start());
    expect([exitCode, message]).toEqual([69, expect.stringContaining(`Port ${front}`)]);
    expect(events).toEqual([]);
  });

  test('another supervisor on the same data', async () => {
    await start();
    const { exitCode, message } = await refusal(start({ port: port + 5, front: front - 1 }));
    expect([exitCode, message]).toEqual([69, expect.stringContaining(`under process ${process.pid}`)]);
  });

  test('servers of the same data on other ports', async () => {
    await start();
    releaseSupervision(data);
    const { exitCode, message } = await refusal(start({ port: port + 5 }));
    expect([exitCode, message]).toEqual([69, expect.stringContaining('estafet down')]);
  });

  test('a file where the data folder should be', async () => {
    writeFileSync(data, '');
    expect(await refusal(start())).toMatchObject({ exitCode: 73, message: expect.stringContaining('file') });
  });

  test('a place where no folder can be made', async () => {
    expect(await refusal(start({ data: '/proc/nowhere/data' }))).toMatchObject({ exitCode: 73 });
  });

  test('data of another version', async () => {
    mkdirSync(data);
    writeFileSync(join(data, 'estafet.json'), '{"format": 7, "createdBy": "9.1.0"}');
    expect(await refusal(start())).toMatchObject({ exitCode: 65, message: expect.stringContaining('9.1.0') });
  });

  test('a folder with other things in it', async () => {
    mkdirSync(data);
    writeFileSync(join(data, 'thesis.doc'), '');
    expect(await refusal(start())).toMatchObject({ exitCode: 65, message: expect.stringContaining('thesis.doc') });
  });

  test.each([
    ['too many servers', { servers: 10 }],
    ['a port too high', { port: 65_535 }],
    ['a front door on a server’s port', { front: port + 2 }],
  ])('%s', async (_, changes) => {
    expect(await refusal(start(changes))).toMatchObject({ exitCode: 64 });
    expect(existsSync(data)).toBe(false);
  });
});

describe('processes are known by pid and start time', () => {
  test('a process is itself', () => {
    expect(isRunning(ownMark())).toBe(true);
  });

  test('a later process with the same pid is another', () => {
    expect(isRunning({ pid: process.pid, identity: `${processIdentity(process.pid)}0` })).toBe(false);
  });

  test('the file of a supervisor that was killed does not keep the next one out', () => {
    mkdirSync(data);
    writeFileSync(join(data, 'supervisor.json'), JSON.stringify({ pid: process.pid, identity: 'an earlier boot/1' }));
    claimSupervision(data);
    expect(() => claimSupervision(data)).toThrow(`under process ${process.pid}`);
  });
});
