/** Numbered requests on real processes: one of which the primary dies is processed once, whoever was asked. */
import { execFile } from 'node:child_process';
import { Agent, request } from 'node:http';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type ClusterHistory,
  newCommandId,
  type RequestView,
  type ServerDetails,
  type TakeoverView,
  type TopologyView,
} from '../../src/protocol/index.ts';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';

let cluster: TestCluster;
let token: string;
beforeAll(async () => {
  cluster = await startTestCluster();
  token = await cluster.token('Ada', 'admin');
});
afterAll(() => cluster?.stop());

const urlOf = (name: string): string => cluster.servers.find((server) => server.name === name)?.url ?? '';

const ask = async <T>(name: string, method: string, path: string, body?: unknown): Promise<T> => {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const text = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(`${urlOf(name)}/api/v1/cluster/${path}`, { method, headers, ...text });
  const value = (await answer.json()) as T & { readonly error?: { readonly code: string } };
  if (value.error !== undefined) throw new Error(value.error.code);
  return value;
};

type Asked = Pick<RequestView, 'id' | 'label' | 'index' | 'epoch' | 'processedBy'>;
const fail = (name: string, id = newCommandId()): Promise<Asked> => ask(name, 'POST', 'requests', { fail: true, id });

const namesBut = ({ servers }: TopologyView, ...names: readonly (string | null)[]): readonly string[] =>
  servers.map(({ name }) => name).filter((name) => !names.includes(name));

/** What each server says of itself, once each has this request. */
const everybodyWith = (label: string): Promise<readonly ServerDetails[]> =>
  eventually(`all servers have ${label}`, async () => {
    const all = await Promise.all(
      ['s1', 's2', 's3'].map((name) => ask<ServerDetails>('s1', 'GET', `servers/${name}`).catch(() => null)),
    );
    const whole = all.filter((details) => details?.askedItself === true && details.inSync);
    const has = (details: ServerDetails | null): boolean =>
      details !== null && [...details.processed, ...details.synchronised].includes(label);
    return whole.length === 3 && whole.every(has) ? (whole as ServerDetails[]) : null;
  });

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Processes that answer clients of servers that died. */
const heirAnswers = async (): Promise<readonly number[]> => {
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pid=,args=']);
  return stdout.split('\n').flatMap((line) => (line.includes('heir-answer.') ? [Number.parseInt(line, 10)] : []));
};

/** Checks that the primary of before is gone, that its request is processed once by another, and all are whole again. */
const checkFailedOver = async (before: TopologyView, pid: number, asked: Asked): Promise<void> => {
  expect(asked.epoch).toBe(before.epoch + 1);
  expect(asked.processedBy).not.toBeNull();
  expect(asked.processedBy).not.toBe(before.primary);
  expect(isAlive(pid)).toBe(false);
  const all = await everybodyWith(asked.label);
  for (const { name, processed, synchronised } of all) {
    const [own, others] = [processed, synchronised].map((list) => list.filter((label) => label === asked.label).length);
    expect([name, own, others]).toEqual(name === asked.processedBy ? [name, 1, 0] : [name, 0, 1]);
  }
  // Whoever died is a new process, and has caught up.
  expect(all.find(({ name }) => name === before.primary)?.pid).not.toBe(pid);
  const { epoch, primary } = await cluster.settled();
  expect([epoch, primary]).toEqual([asked.epoch, asked.processedBy]);
};

const start = async (): Promise<{ readonly before: TopologyView; readonly primary: string; readonly pid: number }> => {
  const before = await cluster.settled();
  const { primary } = before;
  if (primary === null) throw new Error('There is no primary.');
  return { before, primary, pid: cluster.pid(primary) ?? 0 };
};

test('R21 P1 P4 a primary dies of a request that came through a backup, and another one processes it, once', async () => {
  const { before, primary, pid } = await start();
  const first = await ask<Asked>(primary, 'POST', 'requests', {});
  expect(first).toMatchObject({ label: 'data-1', epoch: before.epoch, processedBy: primary });

  const asked = await fail(namesBut(before, primary)[0] ?? '');
  expect(asked.label).toBe('data-2');
  await checkFailedOver(before, pid, asked);

  const { requests } = await ask<{ readonly requests: readonly RequestView[] }>(primary, 'GET', 'requests');
  expect(requests.map(({ label, processedBy, failed }) => [label, processedBy, failed])).toEqual([
    ['data-2', asked.processedBy, before.epoch],
    ['data-1', primary, null],
  ]);
});

test('R22 a takeover is in the log of all servers, with times in the order in which things happened', async () => {
  const { before } = await start();
  for (const name of ['s1', 's2', 's3']) {
    const { takeovers } = await eventually('the takeover is timed', async () => {
      const answer = await ask<{ readonly takeovers: readonly TakeoverView[] }>(name, 'GET', 'takeovers');
      return answer.takeovers[0]?.acknowledgedAt === null ? null : answer;
    });
    const [newest, first] = takeovers;
    expect(newest).toMatchObject({ epoch: before.epoch, primary: before.primary, cause: 'died' });
    expect([first?.cause, first?.primary]).toEqual(['founded', newest?.previous]);
    const { lastSignAt, detectedAt, lockedAt, durableAt, acknowledgedAt } = newest ?? ({} as TakeoverView);
    const times = [lastSignAt, detectedAt, lockedAt, durableAt, acknowledgedAt].map(Number);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.some((at) => at !== Math.floor(at))).toBe(true);
  }
});

test('R21 P1 P4 a client that asked the primary itself is answered although it dies, and nothing stays behind', async () => {
  const { before, primary, pid } = await start();
  // One connection that is kept: the first answer is the server's own, the second its heirs'.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const post = (body: object): Promise<{ readonly status: number; readonly headers: object; readonly text: string }> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const asked = request(`${urlOf(primary)}/api/v1/cluster/requests`, { method: 'POST', agent, headers });
      asked.on('response', async (answer) => {
        let text = '';
        for await (const chunk of answer) text += chunk;
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
      });
      asked.on('error', reject).end(JSON.stringify(body));
    });
  expect((await post({})).status).toBe(200);
  const id = newCommandId();
  const { status, headers, text } = await post({ fail: true, id });
  const behind = await heirAnswers();
  expect([status, headers]).toMatchObject([200, { connection: 'close', 'cache-control': 'no-store' }]);
  agent.destroy();
  const asked = JSON.parse(text) as Asked;
  expect(asked.id).toBe(id);
  await checkFailedOver(before, pid, asked);
  await eventually('the processes that answer have ended', () => behind.every((one) => !isAlive(one)));
});

test('R21 P4 of one request nobody dies twice: neither asked at once of two servers nor again afterwards', async () => {
  const { before, primary, pid } = await start();
  const [one = '', other = ''] = namesBut(before, primary);
  const id = newCommandId();
  const [asked, twin] = await Promise.all([fail(one, id), fail(other, id)]);
  expect(twin).toEqual(asked);
  await checkFailedOver(before, pid, asked);

  const pids = ['s1', 's2', 's3'].map((name) => cluster.pid(name));
  for (const name of ['s1', 's2', 's3']) expect(await fail(name, id)).toEqual(asked);
  expect(['s1', 's2', 's3'].map((name) => cluster.pid(name))).toEqual(pids);
  expect((await cluster.settled()).epoch).toBe(asked.epoch);
  await expect(ask(one, 'POST', 'requests', { id: `not-${id}` })).rejects.toThrow('bad-id');
});

test('the last ten minutes are known to a server that was not there', async () => {
  const { before, primary } = await start();
  const name = namesBut(before, primary)[0] ?? '';
  const startedAt = Date.now();
  const pid = cluster.kill(name);
  await eventually('another process', () => ![null, pid].includes(cluster.pid(name)));
  await cluster.settled();
  const { server, events, topologies, requests } = await eventually('the history is there', async () => {
    const history = await ask<ClusterHistory>(name, 'GET', 'history');
    return history.events.some(({ what, at }) => what === 'dying' && at < startedAt) ? history : null;
  });
  expect(server).toBe(name);
  expect(events.filter(({ what }) => what === 'dying').length).toBe(3);
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted((a, b) => a - b));
  const down = events.find(({ what, server: of, at }) => what === 'server-down' && of === name && at > startedAt);
  expect(down).toBeDefined();
  expect(new Set(topologies.map(({ topology }) => topology.epoch)).size).toBeGreaterThan(3);
  expect(topologies[0]?.topology.servers[0]?.url).toBe(urlOf('s1'));
  expect(requests.map(({ label }) => label)).toEqual(requests.map((_, at) => `data-${at + 1}`));
});

test('R21 no primary dies where nobody could go on, or would start it again', async () => {
  const { before, primary, pid } = await start();
  await cluster.killSupervisor();
  await expect(fail(primary)).rejects.toThrow('no-supervisor');
  for (const name of namesBut(before, primary)) cluster.kill(name);
  await cluster.waitFor('only the primary is left', ({ servers }) => servers.filter((one) => one.inSync).length === 1);
  await expect(fail(primary)).rejects.toThrow('last-server');
  expect(cluster.pid(primary)).toBe(pid);
});
