import { describe, expect, it } from 'vitest';
import { limits } from '../../../protocol/index.ts';
import type { Base } from './entry.ts';
import { genesis, mark } from './entry.ts';
import { Bench, chain, command, lead, members, place, primaryOfTwo } from './test-kit.ts';

const baseOf = ({ index, hash, epoch, at }: Base): Base => ({ index, hash, epoch, at });

/** A backup of s2 in epoch 4 with three entries, one of them committed, that was offered a snapshot at index 50. */
const offered = () => {
  const log = chain(3, 3);
  const bench = new Bench({ cluster: 'c', epoch: 3, committed: 1, log });
  bench.link('s2');
  bench.say('s2', lead(4, 60));
  bench.settle();
  const far = chain(4, 60, log[0]!);
  const snapshot = baseOf(far[50]!);
  bench.sent('state');
  bench.say('s2', { type: 'offer', epoch: 4, snapshot });
  return { bench, snapshot, far };
};

/** A primary alone whose log has ten entries, with a durable snapshot at index 8. */
const trimmedPrimary = () => {
  const bench = primaryOfTwo();
  for (let at = 0; at < 9; at++) {
    bench.give({ type: 'append', commands: [command()] });
    bench.settle();
    bench.say('s2', { type: 'stored', epoch: 1, upto: bench.disk.length });
  }
  const snapshot = baseOf(bench.disk[7]!);
  bench.give({ type: 'snapshot-stored', snapshot });
  return { bench, snapshot };
};

describe('R18 snapshots', () => {
  it('the log is trimmed up to a durable snapshot, and no further', () => {
    const { bench, snapshot } = trimmedPrimary();
    expect(bench.take('store')).toEqual([]);
    bench.pass(100);
    const [trim] = bench.take('store');
    expect(trim?.operation.trimTo).toEqual(snapshot);
  });

  it('a snapshot of what is not committed, or of another history, trims nothing', () => {
    const bench = primaryOfTwo();
    bench.give({ type: 'append', commands: [command(), command()] });
    bench.settle();
    bench.give({ type: 'snapshot-stored', snapshot: baseOf(bench.disk[2]!) });
    const other = mark(genesis, 9, 9);
    bench.give({ type: 'snapshot-stored', snapshot: baseOf(other) });
    bench.pass(100);
    expect(bench.take('store')).toEqual([]);
  });

  it('a follower whose log ends before the primary’s begins is offered the snapshot, and never asked about what is gone', () => {
    const { bench, snapshot } = trimmedPrimary();
    bench.pass(100);
    bench.settle();
    bench.link('s3');
    bench.say('s3', { type: 'state', epoch: 1, incarnation: 's3-log', last: genesis, kept: genesis });
    expect(bench.sent('offer')).toEqual([{ type: 'offer', epoch: 1, snapshot }]);
    expect(bench.sent('probe')).toEqual([]);
    bench.say('s3', { type: 'state', epoch: 1, incarnation: 's3-log', last: place(snapshot), kept: place(snapshot) });
    const appends = bench.sent('append');
    expect(appends.at(-1)?.previous.index).toBe(8);
  });

  it('a follower that has the primary’s base on disk needs none, even when it knows little of it to be committed', () => {
    const { bench } = trimmedPrimary();
    const [second, last] = [place(bench.disk[1]!), place(bench.disk.at(-1)!)];
    const longer = chain(1, 2, bench.disk.at(-1)!).at(-1)!;
    bench.pass(100);
    bench.settle();
    bench.link('s3');
    bench.say('s3', { type: 'state', epoch: 1, incarnation: 's3-log', last: place(longer), kept: second });
    for (const { index } of bench.sent('probe')) {
      expect(index).toBeGreaterThanOrEqual(8);
      bench.say('s3', { type: 'probed', epoch: 1, at: place(bench.disk[index - 1] ?? longer) });
    }
    expect(bench.sent('offer')).toEqual([]);
    bench.say('s3', { type: 'probed', epoch: 1, at: last });
    expect(bench.sent('append').length).toBeGreaterThan(0);
  });

  it('a follower installs a snapshot only when what was fetched is of the place that was offered', () => {
    const { bench, snapshot, far } = offered();
    expect(bench.take('fetch-snapshot')).toEqual([{ type: 'fetch-snapshot', from: 's2', snapshot }]);
    bench.give({ type: 'fetched', asked: snapshot, found: place(far[49]!) });
    expect(bench.take('store')).toEqual([]);
    expect(bench.sent('unusable')).toMatchObject([{ index: snapshot.index }]);
    bench.say('s2', { type: 'offer', epoch: 4, snapshot });
    bench.give({ type: 'fetched', asked: snapshot, found: { index: snapshot.index, hash: far[3]!.hash } });
    expect(bench.take('store')).toEqual([]);
    expect(bench.sent('unusable')).toHaveLength(1);
  });

  it('entries that came while a snapshot was fetched are asked for when it could not be had', () => {
    const { bench, snapshot, far } = offered();
    const another = { type: 'fetched', asked: snapshot, found: place(far[49]!) } as const;
    bench.say('s2', {
      type: 'append',
      epoch: 4,
      previous: place(bench.disk[0]!),
      entries: far.slice(1, 3),
      committed: 3,
    });
    expect(bench.take('store')).toEqual([]);
    bench.give(another);
    expect(bench.sent('unusable')).toHaveLength(1);
    expect(bench.sent('state')).toMatchObject([{ last: place(bench.disk[2]!) }]);
    // Once: a primary that waits before it offers another one is not hurried.
    bench.say('s2', { type: 'offer', epoch: 4, snapshot });
    bench.give(another);
    expect(bench.sent('unusable')).toHaveLength(1);
    expect(bench.sent('state')).toEqual([]);
  });

  it('an installed snapshot is said to be there when it is durable, and the log goes on behind it', () => {
    const { bench, snapshot, far } = offered();
    bench.give({ type: 'fetched', asked: snapshot, found: place(snapshot) });
    expect(bench.take('installed')).toEqual([]);
    expect(bench.sent('state')).toEqual([]);
    expect(bench.take('store').map(({ operation }) => operation.replaceWith)).toEqual([snapshot]);
    bench.give({ type: 'stored', count: 1 });
    expect(bench.take('installed')).toEqual([{ type: 'installed', base: snapshot }]);
    expect(bench.sent('state')).toMatchObject([{ last: place(snapshot), kept: place(snapshot) }]);
    expect(bench.replica.status.committed).toBe(snapshot.index);
    const next = far.slice(51, 53);
    bench.say('s2', { type: 'append', epoch: 4, previous: place(snapshot), entries: next, committed: 53 });
    expect(bench.take('store').flatMap(({ operation }) => operation.entries)).toEqual(next);
  });

  it('while a snapshot is on its way to the disk, a new primary is told nothing of the log', () => {
    const { bench, snapshot } = offered();
    bench.link('s3');
    bench.give({ type: 'fetched', asked: snapshot, found: place(snapshot) });
    bench.give({ type: 'unlinked', peer: 's2' });
    bench.say('s3', { ...lead(4, 60) });
    expect(bench.sent('state')).toEqual([]);
    bench.give({ type: 'stored', count: bench.take('store').length });
    expect(bench.sent('state')).toMatchObject([{ last: place(snapshot) }]);
    expect(bench.take('installed')).toHaveLength(1);
  });

  it('a snapshot that is of no use is made anew, and offered again', () => {
    const { bench, snapshot } = trimmedPrimary();
    bench.pass(100);
    bench.settle();
    bench.link('s3');
    bench.say('s3', { type: 'state', epoch: 1, incarnation: 's3-log', last: genesis, kept: genesis });
    bench.sent('offer');
    bench.say('s3', { type: 'unusable', epoch: 1, index: snapshot.index, reason: 'damaged' });
    expect(bench.take('make-snapshot')).toHaveLength(1);
    const better = baseOf(bench.disk[8]!);
    bench.give({ type: 'snapshot-stored', snapshot: better });
    for (let at = 0; at < 40; at++) {
      bench.say('s3', { type: 'stored', epoch: 1, upto: 0 });
      bench.pass(100);
    }
    expect(bench.sent('offer')).toEqual([{ type: 'offer', epoch: 1, snapshot: better }]);
  });

  it('an outsider whose log was completed with a snapshot begins behind it', () => {
    const bench = new Bench({ cluster: 'c', epoch: 3, committed: 1, log: chain(3, 3) });
    bench.give({ type: 'lock-gained', manifest: { cluster: 'c', epoch: 4, inSync: members('s9') }, fresh: false });
    bench.pass(10_000);
    bench.give({ type: 'lock-gained', manifest: { cluster: 'c', epoch: 4, inSync: members('s9') }, fresh: false });
    expect(bench.take('complete-from')).toHaveLength(1);
    const base = baseOf(chain(4, 30, bench.disk[2]!).at(-1)!);
    const last = mark(base, 4, 5);
    bench.give({ type: 'completed', member: 's9', epoch: 4, log: { base, last } });
    expect(bench.take('installed')).toEqual([{ type: 'installed', base }]);
    expect(bench.take('write-manifest')).toMatchObject([{ manifest: { epoch: 5 } }]);
  });

  it('a follower that has what a snapshot holds keeps its log, with all that lies behind', () => {
    const log = chain(3, 40);
    const bench = new Bench({ cluster: 'c', epoch: 3, committed: 1, log });
    bench.link('s2');
    bench.say('s2', lead(4, 60));
    bench.settle();
    bench.sent('state');
    bench.say('s2', { type: 'offer', epoch: 4, snapshot: baseOf(log[37]!) });
    expect(bench.take('fetch-snapshot')).toEqual([]);
    expect(bench.sent('state')).toMatchObject([{ last: { index: 40 }, kept: { index: 38 } }]);
  });

  it('a member of the set is offered nothing: it leaves the set first', () => {
    const { bench } = trimmedPrimary();
    bench.pass(100);
    bench.settle();
    bench.say('s2', { type: 'state', epoch: 1, incarnation: 's2-log', last: genesis, kept: genesis });
    expect(bench.sent('offer')).toEqual([]);
    bench.give({ type: 'append', commands: [command()] });
    for (let at = 0; at < 60; at++) {
      bench.settle();
      bench.say('s2', { type: 'stored', epoch: 1, upto: 0 });
      bench.pass(100);
      if (bench.sent('offer').length > 0) throw new Error('offered to a member');
      if (bench.take('write-manifest').length > 0) break;
    }
    bench.give({ type: 'manifest-stored' });
    for (let at = 0; at < 60 && bench.sent('offer').length === 0; at++) {
      bench.say('s2', { type: 'stored', epoch: 1, upto: 0 });
      bench.pass(100);
      if (at === 59) throw new Error('never offered');
    }
  });

  it('what came of a fetch that another offer asked for is no answer to this one', () => {
    const { bench, snapshot, far } = offered();
    bench.give({ type: 'fetched', asked: place(far[20]!), found: place(far[20]!) });
    bench.give({ type: 'not-fetched', asked: place(far[20]!), reason: 'gone' });
    expect(bench.sent('unusable')).toEqual([]);
    bench.give({ type: 'fetched', asked: snapshot, found: place(snapshot) });
    expect(bench.take('store')).toHaveLength(1);
  });

  it('the log is not trimmed beyond a snapshot that somebody is copying', () => {
    const { bench, snapshot } = trimmedPrimary();
    bench.pass(100);
    bench.settle();
    bench.link('s3');
    bench.say('s3', { type: 'state', epoch: 1, incarnation: 's3-log', last: genesis, kept: genesis });
    expect(bench.sent('offer')).toHaveLength(1);
    bench.give({ type: 'snapshot-stored', snapshot: baseOf(bench.disk[9]!) });
    bench.pass(1_000);
    expect(bench.take('store')).toEqual([]);
    bench.pass(limits.trimHoldMs);
    expect(bench.take('store').at(-1)?.operation.trimTo?.index).toBeGreaterThan(snapshot.index);
  });

  it('R8 a follower whose log was trimmed goes on following the primary that founded the cluster', () => {
    const log = chain(1, 10);
    const bench = new Bench({ cluster: 'c', epoch: 1, committed: 10, log });
    bench.give({ type: 'snapshot-stored', snapshot: baseOf(log[7]!) });
    bench.pass(100);
    bench.settle();
    bench.link('s2');
    bench.say('s2', lead(1, 1));
    expect(bench.take('halt')).toEqual([]);
    expect(bench.replica.status.role).toBe('following');
  });
});
