import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newCommandId } from '../../protocol/index.ts';
import { LogDisk, NewerLayout, NotWritten, openLogDisk } from './log-disk.ts';
import { type Entry, genesis, mark, type Point, sequence } from './replica/entry.ts';

const chainOf = (epoch: number, count: number, after: Point = genesis): Entry[] => {
  const entries: Entry[] = [mark(after, epoch, 1)];
  while (entries.length < count) {
    entries.push(sequence(entries.at(-1)!, epoch, 2, { id: newCommandId(), body: new Uint8Array([entries.length]) }));
  }
  return entries;
};

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
    expect(await own.completeFrom(join(folder, 'other.db'), { cluster: 'c', incarnation, committed: 0 })).toBe(3);
    expect(own.last?.index).toBe(3_005);
    expect(Buffer.compare(own.last!.hash, theirs.at(-1)!.hash)).toBe(0);
  });

  it('R16 says that it could not be written itself, and blames no other log for it', async () => {
    const [own, other] = [disk('own'), disk('other')];
    other.store([{ entries: chainOf(1, 3_000), epoch: 3, cluster: 'c' }], 6);
    const completing = own.completeFrom(join(folder, 'other.db'), { ...other.state, committed: 0 });
    own.close();
    await expect(completing).rejects.toThrow(NotWritten);
  });

  it('R7 R10 is not completed from another cluster’s log, another incarnation’s, or one that lacks what is committed here', async () => {
    const [own, other] = [disk('own'), disk('other')];
    own.store([{ entries: chainOf(1, 5), cluster: 'c' }], 5);
    other.store([{ entries: chainOf(2, 50), epoch: 3, cluster: 'c' }], 6);
    const path = join(folder, 'other.db');
    const theirs = { ...other.state, committed: 0 };
    expect(await own.completeFrom(path, { ...theirs, cluster: 'd' })).toMatch(/started over/);
    expect(await own.completeFrom(path, { ...theirs, incarnation: 'another' })).toMatch(/started over/);
    expect(await own.completeFrom(path, theirs)).toMatch(/not ours/);
    expect(await own.completeFrom(join(folder, 'none.db'), theirs)).toMatch(/not on this disk/);
    expect(own.last?.index).toBe(5);
  });

  it('R10 is not cut below what its replica knows to be committed, although this disk was not told yet', async () => {
    const common = chainOf(1, 3);
    const [own, other] = [disk('own'), disk('other')];
    own.store([{ entries: [...common, ...chainOf(1, 2, common.at(-1))], cluster: 'c' }], 3);
    other.store([{ entries: [...common, ...chainOf(2, 4, common.at(-1))], epoch: 2, cluster: 'c' }], 7);
    const from = { ...other.state, committed: 5 };
    expect(await own.completeFrom(join(folder, 'other.db'), from)).toMatch(/not ours/);
    expect(own.last?.index).toBe(5);
  });
});
