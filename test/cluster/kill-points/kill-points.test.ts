/**
 * Real servers killed at named points of their work, one after the other in one cluster under load. After each, the
 * cluster comes together by itself, everything acknowledged is there once, and all servers have the same history.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newCommandId } from '../../../src/protocol/index.ts';
import { startTestCluster, type TestCluster } from '../../support/cluster.ts';
import { sources } from '../../support/estafet.ts';
import { eventually } from '../../support/eventually.ts';
import { historyOf } from './history.ts';
import { allPointsVariable, armingFolderVariable, type KillPoint, killPoints } from './points.ts';

const preload = pathToFileURL(fileURLToPath(new URL('./preload.ts', import.meta.url))).href;
const all = process.env[allPointsVariable] === '1';
/** Every third has a part of every phase. */
const chosen = killPoints.filter((_, at) => all || at % 3 === 0);
const names: readonly string[] = ['s1', 's2', 's3'];
/** Between the posts of one server. */
const postPauseMs = 5;
const deadlineMs = 60_000;

describe('killed at named points', () => {
  let cluster: TestCluster;
  let arming: string;
  let token: string;
  let loading = true;
  let load: Promise<unknown>;
  /** Settled while posts may be sent. */
  let gate: Promise<void> = Promise.resolve();
  let underWay = 0;
  /** Everything up to this index has been compared. */
  let compared = 0;
  /** Index by id, of everything acknowledged. */
  const acknowledged = new Map<string, number>();

  const urlOf = (name: string): string => `http://127.0.0.1:${cluster.port + names.indexOf(name)}`;

  /** Posts again and again through this server; a post that fails is sent again, under the same id, until it is answered. */
  const post = async (name: string): Promise<void> => {
    while (loading) {
      await gate;
      underWay++;
      const id = newCommandId();
      const body = JSON.stringify({ id, text: `${name} ${id}` });
      await eventually(
        `${id} is acknowledged`,
        async () => {
          const response = await fetch(`${urlOf(name)}/api/v1/rooms/general/messages`, {
            method: 'POST',
            headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
            body,
            signal: AbortSignal.timeout(5_000),
          });
          if (response.status !== 201) return false;
          acknowledged.set(id, ((await response.json()) as { index: number }).index);
          return true;
        },
        { deadlineMs },
      );
      underWay--;
      await pause(postPauseMs);
    }
  };

  beforeAll(async () => {
    arming = mkdtempSync(join(tmpdir(), 'estafet-kill-points-'));
    cluster = await startTestCluster({
      command: sources,
      args: ['--snapshot-every', '60'],
      env: { NODE_OPTIONS: `--import=${preload}`, [armingFolderVariable]: arming },
    });
    await cluster.settled();
    token = await cluster.token('Ayu');
    load = Promise.all(names.map(post));
  }, deadlineMs);

  afterAll(async () => {
    loading = false;
    await load?.catch(() => {});
    await cluster?.stop();
    rmSync(arming, { recursive: true, force: true });
  }, deadlineMs);

  const arm = (server: string, point: string): void => writeFileSync(join(arming, server), point);
  const wasHit = (server: string): boolean => existsSync(join(arming, `${server}.hit`));
  const disarm = (): void => {
    for (const name of names) for (const file of [name, `${name}.hit`]) rmSync(join(arming, file), { force: true });
  };

  /** Arms the point and brings it about. Resolves when a process has been killed there. */
  const meet = async ({ point, victim, cause }: KillPoint, primary: string): Promise<void> => {
    const backups = names.filter((name) => name !== primary);
    const [first, second] = backups as [string, string];
    const armed = cause === 'primary-killed' ? backups : [victim === 'primary' ? primary : first];
    if (cause === 'victim-killed' || cause === 'victim-wiped') {
      const pid = cluster.kill(first);
      await eventually(`${first} is gone`, () => cluster.pid(first) !== pid);
      if (cause === 'victim-wiped') rmSync(join(cluster.data, first), { recursive: true, force: true });
    }
    for (const name of armed) arm(name, point);
    if (cause === 'primary-killed') cluster.kill(primary);
    if (cause === 'primary-stopped') cluster.kill(primary, 'SIGTERM');
    if (cause === 'other-killed') cluster.kill(second);
    await eventually(`${point} is met`, () => armed.some(wasHit), { deadlineMs });
    disarm();
  };

  /** What was said since the last comparison: all of it once, in one order, everywhere. */
  const compare = async (): Promise<void> => {
    const upto = Math.max(...acknowledged.values());
    const histories = await Promise.all(names.map((name) => historyOf(urlOf(name), token, compared, upto)));
    const known = [...acknowledged].filter(([, index]) => index > compared);
    for (const { fingerprint, ids, indexById } of histories) {
      expect(fingerprint).toBe(histories[0]!.fingerprint);
      expect(ids).toEqual(histories[0]!.ids);
      expect(ids.length).toBe(indexById.size);
      expect(known.filter(([id, index]) => indexById.get(id) !== index)).toEqual([]);
      // Every post is sent until it is acknowledged: there is nothing else to be found.
      expect(indexById.size).toBe(known.length);
    }
    compared = upto;
  };

  test.each(chosen)('$phase: $victim, $point ($cause)', { timeout: 2 * deadlineMs }, async (point) => {
    const { primary } = await cluster.settled(deadlineMs);
    await meet(point, primary!);
    await cluster.settled(deadlineMs);
    const { promise, resolve: goOn } = Promise.withResolvers<void>();
    gate = promise;
    try {
      await eventually('nothing is under way', () => underWay === 0, { deadlineMs });
      await compare();
    } finally {
      goOn();
    }
  });

  test('as many as were promised', () => {
    expect(killPoints.length).toBeGreaterThanOrEqual(20);
    expect(new Set(chosen.map(({ phase }) => phase))).toEqual(new Set(killPoints.map(({ phase }) => phase)));
    expect(acknowledged.size).toBeGreaterThan(chosen.length);
  });
});
