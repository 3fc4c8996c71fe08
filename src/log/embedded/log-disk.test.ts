import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newCommandId } from '../../protocol/index.ts';
import { completeLog, NotWritten } from './complete-log.ts';
import { condemn, LogDisk, NewerLayout, openLogDisk } from './log-disk.ts';
import { type Entry, genesis, mark, type Point, sequence } from './replica/entry.ts';

const chainOf = (epoch: number, count: number, after: Point = genesis): Entry[] => {
  const entries: Entry[] = [mark(after, epoch, 1)];
  while (entries.length < count) {
    entries.push(sequence(entries.at(-1)!, epoch, 2, { id: newCommandId(), body: new Uint8Array([entries.length]) }));
  }
  return entries;
};

const noSnapshot = async (): Promise<string> => 'no snapshot';

describe('the log on disk', () => {
  let folder: string;
  let open: LogDisk[];
  const disk = (name = 'a'): LogDisk => {
    const one = new LogDisk(join(folder, `${name}.db`));
    open.push(one);
    return one;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'estafet-disk-'));
    open = [];
  });
  afterEach(() => {
    for (const one of open) one.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('R18 says how many of its oldest entries are soon cut: few large ones, many small ones', () => {
    const one = disk();
    expect(one.oldestWithin(10, 1_000)).toBe(1);
    const entries: Entry[] = [mark(genesis, 1, 1)];
    for (const size of [100, 100, 900, 100, 5_000, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]) {
      entries.push(sequence(entries.at(-1)!, 1, 2, { id: newCommandId(), body: new Uint8Array(size) }));
    }
    one.store([{ entries, epoch: 1, cluster: 'c' }], 15);
    const slices: number[] = [];
    while (one.base.index < 20) {
      const count = one.oldestWithin(10, 1_000);
      slices.push(count);
      const { index, hash, epoch, at } = one.at(Math.min(20, one.base.index + count))!;
      one.store([{ trimTo: { index, hash, epoch, at }, entries: [] }], 15);
    }
    expect(slices).toEqual([3, 2, 1, 10, 4]);
  });

  it('keeps what was stored, its epoch and its cluster, through a reopening', () => {
    const entries = chainOf(3, 10);
    const first = disk();
    first.store([{ entries, epoch: 3, cluster: 'c' }], 7);
    const { incarnation } = first.state;
    first.close();
    const again = disk();
    expect(again.state).toEqual({ cluster: 'c', incarnation, epoch: 3, committed: 7 });
    expect(again.read(1, 100, 1 << 20).map(({ index }) => index)).toEqual(entries.map(({ index }) => index));
    expect(Buffer.compare(again.last!.hash, entries.at(-1)!.hash)).toBe(0);
  });

  it('R2 an epoch never goes back', () => {
    const one = disk();
    one.store([{ entries: [], epoch: 5 }], 0);
    one.store([{ entries: [], epoch: 4 }], 0);
    expect(one.state.epoch).toBe(5);
  });

  it('a transaction that fails leaves nothing behind', () => {
    const one = disk();
    const entries = chainOf(1, 3);
    one.store([{ entries }], 0);
    expect(() => one.store([{ truncateAfter: 1, entries: [] }, { entries: [entries[0]!] }], 0)).toThrow();
    expect(one.last?.index).toBe(3);
  });

  it('R15 R8 a gap, a changed entry, or a file that is no database: put aside whole, and a new incarnation begun', () => {
    const break_ = (how: (path: string) => void): void => {
      const place = mkdtempSync(join(folder, 'broken-'));
      const { disk: whole } = openLogDisk(place);
      whole.store([{ entries: chainOf(1, 5), epoch: 1, cluster: 'c' }], 5);
      const { incarnation } = whole.state;
      whole.close();
      how(join(place, 'log.db'));
      const { disk: fresh, damage } = openLogDisk(place);
      open.push(fresh);
      expect(damage).not.toBeNull();
      expect(fresh.last).toBeNull();
      expect(fresh.state.cluster).toBe('');
      expect(fresh.state.incarnation).not.toBe(incarnation);
      const aside = readdirSync(place).filter((name) => name.startsWith('damaged-'));
      expect(aside).toHaveLength(1);
      expect(readdirSync(join(place, aside[0]!))).toContain('log.db');
    };
    const change = (statement: string) => (path: string) => {
      const db = new DatabaseSync(path);
      db.exec(statement);
      db.close();
    };
    break_(change('DELETE FROM entries WHERE idx = 3'));
    break_(change("UPDATE entries SET body = x'ff' WHERE idx = 4"));
    break_(change('DELETE FROM entries WHERE idx > 3'));
    break_((path) => writeFileSync(path, 'this is no database, and longer than its header would be'.repeat(20)));
  });

  it('R18 begins behind its base, after a trim and after a reopening', () => {
    const entries = chainOf(1, 10);
    const { index, hash, epoch, at } = entries[5]!;
    const one = disk();
    one.store([{ entries, epoch: 1, cluster: 'c' }], 10);
    one.store([{ entries: [], trimTo: { index, hash, epoch, at } }], 10);
    one.close();
    const again = disk();
    expect(again.base).toMatchObject({ index: 6, epoch: 1, at: 2 });
    expect(again.read(7, 10, 1 << 20).map((entry) => entry.index)).toEqual([7, 8, 9, 10]);
    expect(again.read(6, 10, 1 << 20)).toEqual([]);
    expect(again.at(5)).toBeNull();
    expect(again.at(6)).toMatchObject({ index: 6 });
  });

  it('R18 is empty behind the base of a snapshot, and goes on from there', () => {
    const theirs = chainOf(2, 40);
    const { index, hash, epoch, at } = theirs[29]!;
    const one = disk();
    one.store([{ entries: chainOf(1, 10), epoch: 1, cluster: 'c' }], 2);
    one.store([{ entries: [], replaceWith: { index, hash, epoch, at } }], 30);
    expect(one.ends).toMatchObject({ base: { index: 30 }, last: null });
    one.store([{ entries: theirs.slice(30) }], 30);
    one.close();
    expect(disk().end.index).toBe(40);
  });

  it('of the first layout, which had no base, is taken over as it is', () => {
    const one = disk();
    one.store([{ entries: chainOf(1, 5), epoch: 1, cluster: 'c' }], 3);
    const { state } = one;
    one.close();
    const db = new DatabaseSync(join(folder, 'a.db'));
    for (const column of ['base', 'base_hash', 'base_epoch', 'base_at'])
      db.exec(`ALTER TABLE state DROP COLUMN ${column}`);
    db.exec('PRAGMA user_version = 1');
    db.close();
    const again = disk();
    expect(again.state).toEqual(state);
    expect(again.ends).toMatchObject({ base: { index: 0 }, last: { index: 5 } });
    expect(again.read(1, 10, 1 << 20)).toHaveLength(5);
  });

  it('R15 an entry that changed on the disk is not given out, wherever it lies', () => {
    const one = disk();
    one.store([{ entries: chainOf(1, 5_000), epoch: 1, cluster: 'c' }], 5_000);
    const db = new DatabaseSync(join(folder, 'a.db'));
    db.exec("UPDATE entries SET body = x'ff' WHERE idx = 1000");
    db.close();
    expect(() => one.read(990, 100, 1 << 20)).toThrow(/entry 1000 does not fit/);
  });

  it('R15 a log found damaged while it was in use is put aside at the next start', () => {
    const { disk: one } = openLogDisk(folder);
    one.store([{ entries: chainOf(1, 5), epoch: 1, cluster: 'c' }], 5);
    one.close();
    condemn(folder, 'entry 3 does not fit the chain of hashes');
    const { disk: fresh, damage } = openLogDisk(folder);
    open.push(fresh);
    expect(damage).toMatch(/entry 3/);
    expect(fresh.last).toBeNull();
    fresh.close();
    const { disk: again, damage: none } = openLogDisk(folder);
    open.push(again);
    expect(none).toBeNull();
  });

  it('of a later layout is refused, and left as it is', () => {
    disk().close();
    const db = new DatabaseSync(join(folder, 'a.db'));
    db.exec('PRAGMA user_version = 99');
    db.close();
    expect(() => disk()).toThrow(NewerLayout);
  });

  it('R7 is completed from a member’s log: the tail that differs is cut, the rest copied and its chain checked', async () => {
    const common = chainOf(1, 5);
    const mine = [...common, ...chainOf(2, 3, common.at(-1))];
    const theirs = [...common, ...chainOf(3, 3_000, common.at(-1))];
    const [own, other] = [disk('own'), disk('other')];
    own.store([{ entries: mine, cluster: 'c' }], 5);
    other.store([{ entries: theirs, epoch: 3, cluster: 'c' }], 6);
    const { incarnation } = other.state;
    const from = { cluster: 'c', incarnation, committed: 0 };
    const completion = await completeLog(own, join(folder, 'other.db'), from, noSnapshot);
    expect(completion).toEqual({ result: 'complete', epoch: 3 });
    expect(own.last?.index).toBe(3_005);
    expect(Buffer.compare(own.last!.hash, theirs.at(-1)!.hash)).toBe(0);
  });

  it('R7 is completed with everything, though the other’s owner comes back meanwhile and lets go of what a snapshot has', async () => {
    const [own, other] = [disk('own'), disk('other')];
    const theirs = chainOf(1, 3_000);
    other.store([{ entries: theirs, epoch: 3, cluster: 'c' }], 3_000);
    const from = { ...other.state, committed: 0 };
    const completing = completeLog(own, join(folder, 'other.db'), from, noSnapshot);
    expect(own.end.index).toBeLessThan(3_000);
    other.store([{ trimTo: theirs.at(-1)!, entries: [] }], 3_000);
    expect(await completing).toEqual({ result: 'complete', epoch: 3 });
    expect(own.end.index).toBe(3_000);
  });

  it('R7 R8 is completed from a founder that died before it wrote anything, unless anything is known to be committed', async () => {
    for (const [committed, result] of [
      [0, { result: 'complete', epoch: 0 }],
      [3, { result: 'refused', reason: 'its history is not ours' }],
    ] as const) {
      const [own, founder] = [disk(`own-${committed}`), disk('founder')];
      own.store([{ entries: chainOf(1, 3) }], committed);
      const { incarnation } = founder.state;
      const from = { cluster: 'c', incarnation, committed: 0 };
      expect(await completeLog(own, join(folder, 'founder.db'), from, noSnapshot)).toEqual(result);
      expect(own.end.index).toBe(committed);
    }
  });

  it('R16 says that it could not be written itself, and blames no other log for it', async () => {
    const [own, other] = [disk('own'), disk('other')];
    other.store([{ entries: chainOf(1, 3_000), epoch: 3, cluster: 'c' }], 6);
    const completing = completeLog(own, join(folder, 'other.db'), { ...other.state, committed: 0 }, noSnapshot);
    own.close();
    await expect(completing).rejects.toThrow(NotWritten);
  });

  it('R7 R10 is not completed from another cluster’s log, another incarnation’s, or one that lacks what is committed here', async () => {
    const [own, other] = [disk('own'), disk('other')];
    own.store([{ entries: chainOf(1, 5), cluster: 'c' }], 5);
    other.store([{ entries: chainOf(2, 50), epoch: 3, cluster: 'c' }], 6);
    const path = join(folder, 'other.db');
    const theirs = { ...other.state, committed: 0 };
    expect(await completeLog(own, path, { ...theirs, cluster: 'd' }, noSnapshot)).toMatchObject({
      result: 'refused',
      reason: expect.stringMatching(/started over/),
    });
    expect(await completeLog(own, path, { ...theirs, incarnation: 'another' }, noSnapshot)).toMatchObject({
      result: 'refused',
      reason: expect.stringMatching(/started over/),
    });
    expect(await completeLog(own, path, theirs, noSnapshot)).toMatchObject({
      result: 'refused',
      reason: expect.stringMatching(/not ours/),
    });
    expect(await completeLog(own, join(folder, 'none.db'), theirs, noSnapshot)).toMatchObject({
      result: 'refused',
      reason: expect.stringMatching(/not on this disk/),
    });
    expect(own.last?.index).toBe(5);
  });

  it('R10 is not cut below what its replica knows to be committed, although this disk was not told yet', async () => {
    const common = chainOf(1, 3);
    const [own, other] = [disk('own'), disk('other')];
    own.store([{ entries: [...common, ...chainOf(1, 2, common.at(-1))], cluster: 'c' }], 3);
    other.store([{ entries: [...common, ...chainOf(2, 4, common.at(-1))], epoch: 2, cluster: 'c' }], 7);
    const from = { ...other.state, committed: 5 };
    expect(await completeLog(own, join(folder, 'other.db'), from, noSnapshot)).toMatchObject({
      result: 'refused',
      reason: expect.stringMatching(/not ours/),
    });
    expect(own.last?.index).toBe(5);
  });
});
