import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newCommandId } from '../../protocol/index.ts';
import type { Committed, InstallSnapshot, ReplicatedLog } from '../log.ts';
import { openEmbeddedLog } from './embedded-log.ts';
import { type Point, sameHash } from './replica/entry.ts';
import type { SnapshotFormat } from './snapshotter.ts';

/** What is derived from a log in these tests: its newest place. A snapshot is that place in a file. */
class Derived {
  place: Point = { index: 0, hash: new Uint8Array(32) };
  installs = 0;
  readonly format: SnapshotFormat = {
    bytes: () => 100,
    write: async (path) => writeFileSync(path, JSON.stringify({ ...this.place, hash: hex(this.place.hash) })),
    place: (path) => this.#read(path),
    complete: (path, from) => this.complete(path, from),
  };
  /** Has what belongs to a snapshot and is not in it. */
  complete: (path: string, from: string) => Promise<void> = async () => {};
  readonly install: InstallSnapshot = async (path) => {
    this.installs++;
    this.place = this.#read(path);
  };

  apply(entries: readonly Committed[]): void {
    for (const { index, hash } of entries) {
      expect(index).toBe(this.place.index + 1);
      this.place = { index, hash };
    }
  }

  #read(path: string): Point {
    const { index, hash } = JSON.parse(readFileSync(path, 'utf8'));
    return { index, hash: Buffer.from(hash, 'hex') };
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const facts = { port: 1, fingerprint: '', connections: 0, startedAt: 1 };

describe('snapshots of the embedded log', () => {
  let data: string;
  let open: ReplicatedLog[];
  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'estafet-snapshots-'));
    open = [];
  });
  afterEach(async () => {
    await Promise.all(open.map((log) => log.close()));
    rmSync(data, { recursive: true, force: true });
  });

  const every = 50;
  const start = async (name: string, derived = new Derived()) => {
    const log = await openEmbeddedLog({ name, data, snapshots: derived.format, snapshotEvery: every });
    open.push(log);
    const following = (async () => {
      for await (const batch of log.follow(derived.place.index, derived.install)) {
        derived.apply(batch);
        log.report(derived.place.index, facts);
      }
    })();
    return { log, derived, following };
  };
  const post = async (log: ReplicatedLog, count: number): Promise<void> => {
    for (let at = 0; at < count; at++) await log.append({ id: newCommandId(), body: new Uint8Array(20) });
  };
  const until = async (what: string, holds: () => boolean): Promise<void> => {
    const deadline = performance.now() + 20_000;
    while (!holds()) {
      if (performance.now() > deadline) throw new Error(`not within 20 s: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const snapshotOf = (name: string): { file: string; index: number } | null => {
    try {
      return JSON.parse(readFileSync(join(data, name, 'snapshots', 'snapshot.json'), 'utf8'));
    } catch {
      return null;
    }
  };
  const trimmed = (log: ReplicatedLog): Promise<void> =>
    until('the log is trimmed', () => log.fingerprintAt(2) === null);

  it('R18 the log is trimmed once a snapshot of what is cut is durable, and a new server begins with that snapshot', async () => {
    const first = await start('s1');
    await post(first.log, 4 * every);
    await trimmed(first.log);
    const base = snapshotOf('s1')!.index;
    expect(base).toBeGreaterThanOrEqual(every);

    const second = await start('s2');
    await post(first.log, 5);
    await until('s2 has caught up', () => second.derived.place.index === first.derived.place.index);
    expect(second.derived.installs).toBe(1);
    expect(sameHash(second.derived.place.hash, first.derived.place.hash)).toBe(true);
    await until('s2 is in the set', () => first.log.topology().replicas.every(({ inSync }) => inSync));
  });

  it('R18 what was derived is made again from the snapshot of one’s own, when it is lost', async () => {
    const one = await start('s1');
    await post(one.log, 3 * every);
    await trimmed(one.log);
    await one.log.close();
    const again = await start('s1');
    await until('it is as far as it was', () => again.derived.place.index >= one.derived.place.index);
    expect(again.derived.installs).toBe(1);
  });

  it('R18 a damaged snapshot is not installed: another one is made, and that is', async () => {
    const first = await start('s1');
    await post(first.log, 3 * every);
    await trimmed(first.log);
    const { file } = snapshotOf('s1')!;
    const path = join(data, 's1', 'snapshots', file);
    const bytes = readFileSync(path);
    bytes[9] = bytes[9]! ^ 1;
    writeFileSync(path, bytes);

    const second = await start('s2');
    await until('s2 has caught up', () => second.derived.place.index === first.derived.place.index);
    expect(second.derived.installs).toBe(1);
    expect(snapshotOf('s1')!.file).not.toBe(file);
    expect(sameHash(second.derived.place.hash, first.derived.place.hash)).toBe(true);
  });

  it('R18 a snapshot does not count before what belongs to it is here: its server is not in the set', async () => {
    const first = await start('s1');
    await post(first.log, 3 * every);
    await trimmed(first.log);
    const derived = new Derived();
    const asked: string[] = [];
    const { promise: isHere, resolve: arrive } = Promise.withResolvers<void>();
    derived.complete = async (path, from) => {
      asked.push(from);
      if (asked.length === 1) throw new Error('the disk it comes from is away');
      expect(readFileSync(path, 'utf8')).toContain('"index"');
      await isHere;
    };
    const second = await start('s2', derived);
    await until('it is asked again, after a failure', () => asked.length === 2);
    expect(asked).toEqual(['s1', 's1']);
    await post(first.log, 20);
    expect([snapshotOf('s2'), derived.installs, second.log.fingerprintAt(every)]).toEqual([null, 0, null]);
    expect(first.log.topology().replicas.find(({ name }) => name === 's2')?.inSync).toBe(false);
    arrive();
    await until('s2 is in the set', () => first.log.topology().replicas.every(({ inSync }) => inSync));
    await until('it is installed', () => derived.installs === 1);
    expect(snapshotOf('s2')).not.toBeNull();
  });

  it('R7 R18 what belongs to a dead member’s snapshot is brought before an outsider completes itself from it', async () => {
    const first = await start('s1');
    const second = await start('s2');
    await until('s2 is in the set', () => first.log.topology().replicas.filter(({ inSync }) => inSync).length === 2);
    await second.log.close();
    await post(first.log, 4 * every);
    await until('what s2 lacks is gone', () => first.log.fingerprintAt(30) === null);
    await first.log.close();

    const from: string[] = [];
    second.derived.complete = async (_path, name) => void from.push(name);
    const again = await start('s2', second.derived);
    await until('s2 leads', () => again.log.topology().primary === 's2');
    expect(from).toContain('s1');
  });

  it('R18 a copy that was interrupted leaves nothing behind that counts', async () => {
    const first = await start('s1');
    await post(first.log, 3 * every);
    await trimmed(first.log);
    const second = await start('s2');
    await second.log.close();
    writeFileSync(join(data, 's2', 'snapshots', '77-half.snapshot'), 'half');
    const again = await start('s2');
    expect(readdirSync(join(data, 's2', 'snapshots'))).not.toContain('77-half.snapshot');
    await until('s2 has caught up', () => again.derived.place.index === first.derived.place.index);
  });

  it('R18 a server that was away for long gets a snapshot, under load, and ends at the same place', async () => {
    const first = await start('s1');
    const second = await start('s2');
    await until('s2 is in the set', () => first.log.topology().replicas.filter(({ inSync }) => inSync).length === 2);
    await post(first.log, 10);
    await second.log.close();
    await post(first.log, 5 * every);
    await until('what s2 lacks is gone', () => first.log.fingerprintAt(30) === null);

    let loading = true;
    const load = (async () => {
      while (loading) await post(first.log, 1);
    })();
    const again = await start('s2', second.derived);
    await until('s2 is in the set', () => first.log.topology().replicas.every(({ inSync }) => inSync));
    loading = false;
    await load;
    const { index: end } = await first.log.append({ id: newCommandId(), body: new Uint8Array(20) });
    await until('all is applied', () => [first, again].every(({ derived }) => derived.place.index === end));
    expect(again.derived.installs).toBe(1);
    expect(sameHash(again.derived.place.hash, first.derived.place.hash)).toBe(true);
  });

  it('R7 R18 an outsider that is far behind completes itself from the snapshot and the log of a dead member’s disk', async () => {
    const first = await start('s1');
    const second = await start('s2');
    await until('s2 is in the set', () => first.log.topology().replicas.filter(({ inSync }) => inSync).length === 2);
    await second.log.close();
    await post(first.log, 4 * every);
    await until('what s2 lacks is gone', () => first.log.fingerprintAt(30) === null);
    await first.log.close();

    const again = await start('s2', second.derived);
    await until('s2 leads', () => again.log.topology().primary === 's2');
    await until('s2 has all of it', () => again.derived.place.index > first.derived.place.index);
    expect(again.log.fingerprintAt(first.derived.place.index)).toBe(hex(first.derived.place.hash));
    expect(again.derived.installs).toBe(1);
  });

  it('R8 R18 a log whose beginning is lost with its snapshot starts over, and gets everything from the others', async () => {
    const first = await start('s1');
    const second = await start('s2');
    await until('s2 is in the set', () => first.log.topology().replicas.filter(({ inSync }) => inSync).length === 2);
    await post(first.log, 4 * every);
    await until('both are trimmed', () => [first, second].every(({ log }) => log.fingerprintAt(2) === null));
    await second.log.close();
    rmSync(join(data, 's2', 'snapshots'), { recursive: true });

    const lost = await start('s2');
    await expect(lost.following).rejects.toThrow(/lost or damaged/);
    expect(await lost.log.closed).toMatchObject({ code: 'log-damaged' });
    const again = await start('s2');
    expect(again.log.origin).not.toBe(second.log.origin);
    await until('s2 has caught up', () => again.derived.place.index === first.derived.place.index);
    expect(sameHash(again.derived.place.hash, first.derived.place.hash)).toBe(true);
  });
});
