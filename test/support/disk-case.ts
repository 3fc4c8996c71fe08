/**
 * One case of a failing disk: two servers, a script of posts, and one call of one of them that fails. Whatever the call,
 * nothing that was acknowledged may be lost or doubled; the server goes on rightly or ends with a sentence that says
 * what is wrong; the other one goes on; and started again on a sound disk it comes back whole.
 */
import { join } from 'node:path';
import { callsIn, type Fault, type FaultKind, failedIn, withFault } from './disk-faults.ts';
import {
  contentHashes,
  type DiskServer,
  type DiskServers,
  newDiskServers,
  Poster,
  readiness,
  unrest,
} from './disk-servers.ts';
import { eventually } from './eventually.ts';

/** The primary is s1 and founds the cluster; the backup is s2 and joins it with nothing on its disk. */
export type Part = 'primary' | 'backup';

export interface CaseResult {
  /** The file whose call failed; null when the server ended before the call, or never made it. */
  readonly failed: string | null;
  /** How the server ended; `0` when it went on until it was told to stop, and stopped in order. */
  readonly code: number | null;
  /** What it said. */
  readonly words: string;
  /** Calls of this kind that it made. */
  readonly calls: number;
  /** What did not hold, a sentence each. */
  readonly broken: readonly string[];
}

const startMs = 90_000;
const serviceMs = 90_000;
const stopMs = 60_000;
/** A server that had everything is waited for by those that had not; this is how long they look for another way. */
const waitingMs = 4_000;

const posts = ['one', 'two', 'three', 'four', 'five', 'six'];
const ioExitCode = 74;

/** What is wrong with a server's last words, as a person would say; null when they are clear. */
export const unclear = (words: string): string | null => {
  const lines = words.trim().split('\n');
  if (words.trim() === '') return 'it says nothing';
  if (lines.length > 1) return `it says ${lines.length} lines`;
  if (!/^(s\d|estafet): ([A-Z]|s\d )/.test(words)) return 'it does not begin as a sentence by that server';
  if (/bug|undefined|\[object|node:internal/.test(words)) return 'it calls a broken disk something else';
  if (!/disk|folder|file/i.test(words)) return 'it does not say that it is about the disk';
  return null;
};

/** Starts the server on a sound disk, or throws when it is not ready in time. */
export const startSound = async (servers: DiskServers, name: string): Promise<DiskServer> => {
  const server = await servers.start(name);
  await eventually(
    `${name} is ready`,
    async () => {
      if (server.ending() !== null) throw new Error(`${name} ended: ${server.running.err()}`);
      return (await readiness(server)) === true;
    },
    { deadlineMs: startMs },
  );
  return server;
};

const begun = async (server: DiskServer): Promise<void> => {
  await eventually(
    `${server.name} is ready or has ended`,
    async () => server.ending() !== null || (await readiness(server)) === true,
    { deadlineMs: startMs, pollMs: 10 },
  );
};

/** Runs one case. `fault` null only counts. */
export const runCase = async (part: Part, kind: FaultKind, fault: Fault | null): Promise<CaseResult> => {
  await using servers = newDiskServers();
  const { data, folder } = servers;
  const broken: string[] = [];
  const trace = join(folder, 'trace');
  const [name, otherName] = part === 'primary' ? ['s1', 's2'] : ['s2', 's1'];
  const startFaulty = () => servers.start(name, (command) => withFault(command, { data, name, trace }, kind, fault));

  let faulty: DiskServer;
  let other: DiskServer;
  if (part === 'primary') {
    faulty = await startFaulty();
    await begun(faulty);
    other = await servers.start(otherName);
  } else {
    other = await startSound(servers, otherName);
    faulty = await startFaulty();
    await begun(faulty);
  }
  let again: DiskServer | null = null;
  const live = (): DiskServer[] => [again ?? faulty, other].filter((one) => one.ending() === null);

  /** Waits for somebody to serve; starts the failed one again when the other rightly waits for what only it had. */
  const service = async (): Promise<void> => {
    const since = performance.now();
    await eventually(
      'a server serves',
      async () => {
        for (const server of live()) if ((await readiness(server)) === true) return true;
        if (faulty.ending() !== null && again === null && performance.now() - since > waitingMs) {
          again = await servers.start(name);
        }
        return false;
      },
      { deadlineMs: startMs + waitingMs },
    );
  };

  await service();
  if (faulty.ending() === null) {
    await eventually(
      'both are in sync',
      async () => faulty.ending() !== null || (await unrest([faulty, other])) === null,
      {
        deadlineMs: startMs,
      },
    );
  }
  const poster = new Poster(data);
  let turn = 0;
  const inTurn = (): DiskServer[] => {
    const now = live();
    return [...now.slice(turn % Math.max(now.length, 1)), ...now.slice(0, turn % Math.max(now.length, 1))];
  };
  for (const text of posts) {
    turn++;
    await service();
    await poster.post(text, inTurn, serviceMs);
  }
  await Promise.all(['a', 'b', 'c'].map((text) => poster.post(text, live, serviceMs)));

  if (faulty.ending() === null) faulty.running.child.kill('SIGTERM');
  const { code, signal } = await eventually(`${name} has ended`, () => faulty.ending(), { deadlineMs: stopMs });
  const words = faulty.running.err();
  if (signal !== null) broken.push(`${name} was ended by ${signal}`);
  else if (code !== 0) {
    if (code !== ioExitCode) broken.push(`${name} exited with ${code}`);
    const what = unclear(words);
    if (what !== null) broken.push(`${what}: ${words}`);
  } else if (words !== '') broken.push(`${name} said ${words}`);

  await service();
  await poster.post('without it', () => live().filter((one) => one !== faulty), serviceMs);
  again ??= await servers.start(name);
  const both = [again, other];
  let rest: string | null = null;
  await eventually(
    'both are whole again',
    async () => {
      rest = again?.ending() === null ? await unrest(both) : `${name} ended again: ${again?.running.err()}`;
      return rest === null;
    },
    { deadlineMs: startMs },
  ).catch(() => broken.push(rest ?? ''));
  await poster.post('whole again', () => both, serviceMs).catch((error: Error) => broken.push(error.message));
  await eventually('both come to rest', async () => (await unrest(both)) === null, { deadlineMs: startMs }).catch(
    (error: Error) => broken.push(error.message),
  );
  for (const server of both) broken.push(...(await poster.faultsIn(server)));
  const [here, there] = contentHashes(data, [name, otherName]);
  if (here !== there) broken.push('the chat databases differ');
  return { failed: failedIn(trace), code, words: words.trim(), calls: callsIn(trace), broken };
};
