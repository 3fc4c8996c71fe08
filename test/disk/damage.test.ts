/** Files that are not what was written: cut short, or with bits turned over. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSound } from '../support/disk-case.ts';
import { cut, flip, flipIn, logged, putAside, scramble, scrambleTable } from '../support/disk-damage.ts';
import {
  contentHashes,
  type DiskServer,
  type DiskServers,
  newDiskServers,
  Poster,
  readiness,
  unrest,
} from '../support/disk-servers.ts';
import { eventually } from '../support/eventually.ts';

const serviceMs = 90_000;

const ended = (server: DiskServer): Promise<unknown> =>
  eventually(`${server.name} has ended`, () => server.ending(), { deadlineMs: serviceMs });

describe('a backup whose files were damaged while it was away', () => {
  let servers: DiskServers;
  let poster: Poster;
  let s1: DiskServer;
  let s2: DiskServer;
  let count = 0;
  const post = (): Promise<unknown> => poster.post(`${count++} ${'x'.repeat(900)}`, () => [s1], serviceMs);

  beforeAll(async () => {
    servers = newDiskServers();
    s1 = await startSound(servers, 's1');
    s2 = await startSound(servers, 's2');
    poster = new Poster(servers.data);
    while (count < 40) await post();
  });
  afterAll(() => servers[Symbol.asyncDispose]());

  const whole = async (): Promise<void> => {
    let why: string | null = null;
    const look = async (): Promise<boolean> => {
      // Damage that is met later ends the server, and it is started again, as its supervisor would.
      if (s2.ending() !== null) {
        expect(s2.ending()).toEqual({ code: 74, signal: null });
        expect(s2.running.err()).toMatch(/^s2: A database in .* is damaged: .* then made anew\.\n$/);
        s2 = await servers.start('s2');
      }
      why = await unrest([s1, s2]);
      return why === null;
    };
    await eventually('both are whole', look, { deadlineMs: serviceMs }).catch((cause: unknown) => {
      throw new Error(`Not whole: ${why}. ${s2.running.err()}`, { cause });
    });
    for (const server of [s1, s2]) expect(await poster.faultsIn(server)).toEqual([]);
    const [here, there] = contentHashes(servers.data, ['s1', 's2']);
    expect(here).toBe(there);
  };

  /** A server that was stopped in order has all in its databases; one that was killed, in their WALs. */
  const damage = async (how: NodeJS.Signals, what: (folder: string) => void): Promise<void> => {
    await whole();
    s2.running.child.kill(how);
    await ended(s2);
    what(join(servers.data, 's2'));
    await post();
    s2 = await servers.start('s2');
    await post();
    await whole();
  };

  test.each([
    ['found cut short', (path: string) => cut(path, 0.6)],
    ['found with a bit turned over in its header', (path: string) => flip(path, 0)],
    ['found with a bit turned over in an entry', (path: string) => flipIn(path, '20 xxxx')],
    ['found with nonsense in its middle', (path: string) => scramble(path, 0.5, 512)],
  ] as const)('R8 R15 puts a log aside that was %s, says so, and starts over from the others', async (_, what) => {
    const before = putAside(servers.data, 's2').length;
    const warnings = logged(servers.data, 's2').length;
    await damage('SIGTERM', (folder) => what(join(folder, 'log.db')));
    expect(putAside(servers.data, 's2')).toHaveLength(before + 1);
    expect(logged(servers.data, 's2')[warnings]).toMatch(
      /^[Tt]he log was damaged, and starts over: .*kept in .*damaged-/,
    );
  });

  test.each([
    ['the first half of', 0.3],
    ['the second half of', 0.7],
  ] as const)(
    'R8 R15 a bit turned over in %s what is not in the log’s database yet is damage, and no torn tail',
    async (_, at) => {
      const before = putAside(servers.data, 's2').length;
      for (let at = 0; at < 12; at++) await post();
      await damage('SIGKILL', (folder) => flip(join(folder, 'log.db-wal'), at));
      expect(putAside(servers.data, 's2')).toHaveLength(before + 1);
    },
  );

  test.each([
    ['cut short', 'SIGTERM', 'chat.db', (path: string) => cut(path, 0.6)],
    ['with another header', 'SIGTERM', 'chat.db', (path: string) => flip(path, 0)],
    ['with nonsense where its people are', 'SIGTERM', 'chat.db', (path: string) => scrambleTable(path, 'users')],
    ['with a bit turned over in its WAL', 'SIGKILL', 'chat.db-wal', (path: string) => flip(path, 0.5)],
  ] as const)('P1 makes a chat database again that is %s', async (_, how, file, what) => {
    await damage(how, (folder) => what(join(folder, file)));
  });

  test('P1 R15 a page of the chat that rots while the server runs ends it when it is met, and is made again', async () => {
    await whole();
    s2.running.child.kill('SIGTERM');
    await ended(s2);
    s2 = await startSound(servers, 's2');
    // Its history has not been read by this process yet.
    scramble(join(servers.data, 's2', 'chat.db'), '10 xxxx', 16_384);
    const met = s2;
    await eventually(
      'it has met the damage',
      async () => {
        await poster.faultsIn(met);
        return met.ending();
      },
      { deadlineMs: serviceMs },
    );
    await whole();
  });
});

test('R7 R8 the only server that had everything does not serve an emptier history when its log is damaged', async () => {
  await using servers = newDiskServers();
  let only = await startSound(servers, 's1');
  const poster = new Poster(servers.data);
  for (let at = 0; at < 10; at++) await poster.post(`${at} ${'x'.repeat(900)}`, () => [only], serviceMs);
  only.running.child.kill('SIGTERM');
  await ended(only);
  flipIn(join(servers.data, 's1', 'log.db'), '5 xxxx');
  only = await servers.start('s1');
  const reason = await eventually(
    'it says why it does not serve',
    async () => {
      const answer = await readiness(only);
      return typeof answer === 'string' && answer.includes('only s1') ? answer : null;
    },
    { deadlineMs: serviceMs },
  );
  expect(reason).toMatch(
    /only s1 had everything that was acknowledged, and its log has been lost or damaged: bring the log back/,
  );
  expect(putAside(servers.data, 's1')).toHaveLength(1);
});
