/** The rules, one replica at a time: what it is told and what it then wants done. */
import { describe, expect, it } from 'vitest';
import { limits } from '../../../protocol/index.ts';
import { genesis, type Point, sequence } from './entry.ts';
import type { PeerMessage } from './messages.ts';
import { PendingCommands } from './pending.ts';
import { Bench, chain, command, lead, members, place, primaryOfTwo } from './test-kit.ts';

describe('a replica', () => {
  it('R2 leads only when its epoch is durable in the manifest', () => {
    const bench = new Bench();
    bench.link('s2');
    bench.give({ type: 'lock-gained', manifest: null, fresh: true });
    expect(bench.take('write-manifest')[0]?.manifest.epoch).toBe(1);
    expect(bench.replica.status.role).toBe('taking-over');
    expect(bench.sent('lead')).toEqual([]);
    bench.give({ type: 'manifest-stored' });
    expect(bench.sent('lead').length).toBeGreaterThan(0);
  });

  it('R3 stores a primary’s epoch before anything of it, and ignores all epochs below from then on', () => {
    const log = chain(2, 3);
    const bench = new Bench({ name: 's2', epoch: 2, cluster: 'c', committed: 1, log });
    bench.link('s1');
    bench.link('s3');
    bench.say('s3', lead(3, 4));
    expect(bench.outputs.filter(({ type }) => type === 'store')).toMatchObject([{ operation: { epoch: 3 } }]);
    expect(bench.sent('state')[0]).toMatchObject({ epoch: 3, last: { index: 3 }, kept: { index: 1 } });
    bench.say('s1', lead(2, 1));
    bench.say('s1', {
      type: 'append',
      epoch: 2,
      previous: place(log[2]!),
      entries: chain(2, 2, log[2]!),
      committed: 5,
    });
    bench.settle();
    expect(bench.replica.status).toMatchObject({ role: 'following', primary: 's3', epoch: 3, last: 3, committed: 1 });
  });

  it('R4 tells its primary of nothing that is not on its disk yet, not even when their link breaks and is made again', () => {
    const bench = new Bench({ name: 's2', cluster: 'c' });
    bench.link('s1');
    bench.say('s1', lead(1, 1));
    bench.settle();
    const entries = chain(1, 3);
    bench.say('s1', { type: 'append', epoch: 1, previous: genesis, entries: entries.slice(0, 2), committed: 0 });
    bench.settle();
    bench.sent('state');
    bench.say('s1', { type: 'append', epoch: 1, previous: place(entries[1]!), entries: [entries[2]!], committed: 0 });
    bench.give({ type: 'unlinked', peer: 's1' });
    bench.link('s1');
    bench.say('s1', lead(1, 1));
    expect(bench.sent('state')).toMatchObject([{ last: { index: 2 } }]);
  });

  it('R4 commits when every member has the entry on disk, and not before', () => {
    const bench = primaryOfTwo();
    bench.take('commit');
    bench.give({ type: 'append', commands: [command()] });
    bench.settle();
    expect(bench.take('commit')).toEqual([]);
    bench.say('s2', { type: 'stored', epoch: 1, upto: 2 });
    expect(bench.take('commit')).toEqual([{ type: 'commit', upto: 2 }]);
  });

  it('R5 a silent member is dropped in bounded time, and nothing commits without it until that is durable', () => {
    const bench = primaryOfTwo();
    bench.give({ type: 'append', commands: [command()] });
    bench.settle();
    bench.take('commit');
    bench.pass(limits.memberSilenceMaxMs + 100);
    expect(bench.take('write-manifest').map(({ manifest }) => manifest.inSync)).toEqual([members('s1')]);
    expect(bench.take('commit')).toEqual([]);
    bench.give({ type: 'manifest-stored' });
    expect(bench.take('commit')).toEqual([{ type: 'commit', upto: 2 }]);
  });

  it('R6 acknowledgements wait for a joining follower before the manifest names it', () => {
    const bench = primaryOfTwo();
    bench.take('commit');
    bench.take('write-manifest');
    bench.link('s3');
    bench.say('s3', { type: 'state', epoch: 1, incarnation: 's3-log', last: genesis, kept: genesis });
    bench.say('s3', { type: 'stored', epoch: 1, upto: 1 });
    expect(bench.take('write-manifest').map(({ manifest }) => manifest.inSync)).toEqual([members('s1', 's2', 's3')]);
    bench.give({ type: 'append', commands: [command()] });
    bench.settle();
    bench.say('s2', { type: 'stored', epoch: 1, upto: 2 });
    expect(bench.take('commit')).toEqual([]);
    bench.say('s3', { type: 'stored', epoch: 1, upto: 2 });
    expect(bench.take('commit')).toEqual([{ type: 'commit', upto: 2 }]);
  });

  it('R6 what waited for a joining follower is committed when that one falls silent or goes away', () => {
    for (const away of [false, true]) {
      const log = chain(1, 3);
      const bench = new Bench({ epoch: 1, cluster: 'c', log });
      bench.promote({ cluster: 'c', epoch: 1, inSync: members('s1') });
      bench.settle();
      bench.give({ type: 'append', commands: [command()] });
      bench.settle();
      bench.link('s2');
      bench.say('s2', { type: 'state', epoch: 2, incarnation: 's2-log', last: place(log[2]!), kept: genesis });
      bench.say('s2', { type: 'stored', epoch: 2, upto: 4 });
      expect(bench.take('commit').at(-1)).toEqual({ type: 'commit', upto: 5 });
      bench.give({ type: 'append', commands: [command()] });
      bench.settle();
      expect(bench.take('commit')).toEqual([]);
      if (away) bench.give({ type: 'unlinked', peer: 's2' });
      else bench.pass(limits.joinMaxMs + 100);
      expect(bench.take('commit')).toEqual([{ type: 'commit', upto: 6 }]);
    }
  });

  it('R7 R10 an outsider whose log could be completed only in part goes by what is on its disk now', () => {
    const bench = new Bench({ name: 's2', epoch: 1, cluster: 'c', committed: 1, log: chain(1, 3) });
    const manifest = { cluster: 'c', epoch: 1, inSync: members('s1') };
    bench.give({ type: 'lock-gained', manifest, fresh: false });
    bench.pass(limits.outsiderLockDelayMs + 100);
    bench.give({ type: 'lock-gained', manifest, fresh: false });
    expect(bench.take('complete-from')).toHaveLength(1);
    bench.disk.splice(1);
    bench.give({
      type: 'not-completed',
      member: 's1',
      log: { base: genesis, last: bench.disk[0]! },
      reason: 'its entry 2 is damaged',
    });
    expect(bench.take('release-lock').length).toBeGreaterThan(0);
    bench.link('s1');
    bench.say('s1', lead(2, 4));
    bench.settle();
    expect(bench.sent('state')).toMatchObject([{ last: { index: 1 } }]);
  });

  it('R8 does not follow a primary whose log was empty when it knows of anything committed', () => {
    const bench = new Bench({ name: 's2', epoch: 2, cluster: 'c', committed: 2, log: chain(2, 3) });
    bench.link('s1');
    bench.say('s1', lead(3, 1));
    expect(bench.take('halt')[0]?.fault.code).toBe('diverged');
  });

  it('R9 commits its whole log before a command that was waiting', () => {
    const log = chain(1, 5);
    const bench = new Bench({ epoch: 1, cluster: 'c', committed: 2, log });
    bench.link('s2');
    bench.give({ type: 'append', commands: [command()] });
    bench.promote({ cluster: 'c', epoch: 1, inSync: members('s1', 's2') });
    bench.settle();
    // The log it found, the mark of its epoch, and the command behind it.
    expect(bench.disk.map(({ kind }) => kind).slice(5)).toEqual(['mark', 'command']);
    expect(bench.take('commit')).toEqual([]);
    bench.say('s2', { type: 'state', epoch: 2, incarnation: 's2-log', last: place(log[4]!), kept: place(log[1]!) });
    bench.say('s2', { type: 'stored', epoch: 2, upto: 6 });
    expect(bench.take('commit').at(-1)).toEqual({ type: 'commit', upto: 6 });
    bench.say('s2', { type: 'stored', epoch: 2, upto: 7 });
    expect(bench.take('commit').at(-1)).toEqual({ type: 'commit', upto: 7 });
  });

  describe('R4 R10 sends the members of the set what is not known to be committed before they say their state,', () => {
    /** s1 takes over with four entries of epoch 1, two of them committed; s2 is of the set, and s3 is not. */
    const takenOver = () => {
      const log = chain(1, 4);
      const bench = new Bench({ cluster: 'c', epoch: 1, committed: 2, log });
      for (const peer of ['s2', 's3']) bench.link(peer);
      bench.promote({ cluster: 'c', epoch: 1, inSync: members('s1', 's2', 's0') });
      const sends = bench.take('send').filter(({ message }) => message.type === 'append');
      bench.settle();
      return { bench, log, sends };
    };
    const state = (last: Point, kept: Point): PeerMessage => ({
      type: 'state',
      epoch: 2,
      incarnation: 's2-log',
      last: place(last),
      kept: place(kept),
    });

    it('and counts nothing of that as stored', () => {
      const { bench, log, sends } = takenOver();
      expect(sends[0]).toMatchObject({ message: { previous: place(log[1]!), committed: 2 } });
      expect(new Set(sends.flatMap(({ to }) => to))).toEqual(new Set(['s2']));
      const entries = sends.flatMap(({ message }) => (message.type === 'append' ? message.entries : []));
      expect(entries.map(({ index }) => index)).toEqual([3, 4, 5]);
      bench.say('s2', { type: 'stored', epoch: 2, upto: 5 });
      expect(bench.replica.status.committed).toBe(2);
      bench.say('s2', state(log[3]!, log[1]!));
      expect(bench.replica.status.committed).toBe(4);
      expect(bench.sent('append').flatMap(({ entries }) => entries)).toEqual([]);
      bench.say('s2', { type: 'stored', epoch: 2, upto: 5 });
      expect(bench.replica.status.committed).toBe(5);
    });

    it('lets it cut what it has of its own without a search', () => {
      const { bench, log } = takenOver();
      bench.say('s2', state(chain(1, 4)[3]!, log[1]!));
      expect(bench.sent('probe')).toEqual([]);
      expect(bench.replica.status.committed).toBe(2);
      bench.say('s2', { type: 'stored', epoch: 2, upto: 5 });
      expect(bench.replica.status.committed).toBe(5);
    });

    it('and sends it again when it was not taken', () => {
      const { bench, log } = takenOver();
      bench.say('s2', state(log[2]!, log[1]!));
      expect(bench.sent('append')).toMatchObject([{ previous: place(bench.disk[4]!), entries: [] }]);
      // It has nothing at that place, and says where its log ends instead.
      bench.say('s2', state(log[2]!, log[1]!));
      const entries = bench.sent('append').flatMap((append) => append.entries);
      expect(entries.map(({ index }) => index)).toEqual([4, 5]);
    });
  });

  it('R10 finds where two logs part by hashes, and has the follower cut what is not the primary’s', () => {
    const common = chain(1, 10);
    const ours = [...common, ...chain(2, 3, common[9]!)];
    const theirs = [...common, ...chain(3, 4, common[9]!)];
    const follower = new Bench({ name: 's2', epoch: 3, cluster: 'c', committed: 4, log: theirs });
    const primary = new Bench({ epoch: 3, cluster: 'c', log: ours });
    primary.link('s2');
    primary.promote({ cluster: 'c', epoch: 3, inSync: members('s1') });
    primary.settle();
    follower.link('s1');
    for (let round = 0; round < 20; round++) {
      for (const output of primary.take('send')) follower.say('s1', output.message);
      follower.settle();
      for (const output of follower.take('send')) primary.say('s2', output.message);
      primary.settle();
    }
    expect(follower.disk.map(({ hash }) => hash)).toEqual(primary.disk.map(({ hash }) => hash));
    expect(follower.disk).toHaveLength(14);
  });

  it('R10 would rather stop than cut what is committed', () => {
    const common = chain(1, 3);
    const bench = new Bench({ name: 's2', epoch: 1, cluster: 'c', committed: 3, log: common });
    bench.link('s1');
    bench.say('s1', lead(2, 2));
    bench.settle();
    const [first] = common;
    const other = chain(2, 2, first!);
    bench.say('s1', { type: 'append', epoch: 2, previous: place(first!), entries: other, committed: 0 });
    expect(bench.take('halt')[0]?.fault).toMatchObject({ code: 'diverged' });
    expect(bench.disk).toEqual(common);
  });

  it('R13 gives every command that is not committed to the next primary, in order; a deadline says unknown, or unavailable if nobody was given it', () => {
    const bench = new Bench({ name: 's2', cluster: 'c' });
    const commands = [command(), command(), command()];
    bench.give({ type: 'append', commands });
    bench.link('s1');
    bench.say('s1', lead(1, 1));
    bench.settle();
    expect(bench.sent('forward').flatMap((message) => message.commands)).toEqual(commands);
    bench.give({ type: 'unlinked', peer: 's1' });
    bench.link('s3');
    bench.say('s3', lead(2, 2));
    bench.settle();
    expect(bench.sent('forward').flatMap((message) => message.commands)).toEqual(commands);

    const alone = new Bench({ name: 's2', cluster: 'c' });
    alone.give({ type: 'append', commands });
    for (const each of [bench, alone]) each.pass(limits.appendDeadlineMs + 100);
    const ids = commands.map(({ id }) => id);
    expect(bench.take('give-up')).toEqual([{ type: 'give-up', ids, code: 'unknown' }]);
    expect(alone.take('give-up')).toEqual([{ type: 'give-up', ids, code: 'unavailable' }]);
  });

  it('R14 stamps a time that never goes back, whatever the machine’s clock does', () => {
    const bench = primaryOfTwo();
    bench.give({ type: 'append', commands: [command()] });
    bench.nowMs -= 900;
    bench.give({ type: 'append', commands: [command()] });
    bench.settle();
    const [before, after] = bench.disk.slice(-2).map(({ at }) => at);
    expect(after).toBeGreaterThanOrEqual(before!);
  });

  it('R16 stops for good at a failed write, lets nobody have an answer, and says why', () => {
    const bench = primaryOfTwo();
    bench.take('commit');
    bench.give({ type: 'append', commands: [command()] });
    const fault = { code: 'disk-failed', message: 's1 could not write its log', exitCode: 74 } as const;
    bench.give({ type: 'failed', fault });
    expect(bench.take('halt')).toEqual([{ type: 'halt', fault }]);
    bench.say('s2', { type: 'stored', epoch: 1, upto: 2 });
    expect(bench.take('commit')).toEqual([]);
    expect(bench.replica.status.role).toBe('halted');
  });

  it('R19 takes no more commands than its limit, and says so at once', () => {
    const bench = new Bench();
    const commands = Array.from({ length: limits.pendingCommandsMax + 3 }, command);
    bench.give({ type: 'append', commands });
    const refused = commands.slice(-3).map(({ id }) => id);
    expect(bench.take('give-up')).toEqual([{ type: 'give-up', ids: refused, code: 'overloaded' }]);
  });

  it('R19 sends a follower no more at once than its link may hold, and the rest as it stores', () => {
    const body = new Uint8Array(limits.commandMaxBytes);
    const log = chain(1, 1);
    while (log.length * body.length < 2 * limits.peerBufferMaxBytes) {
      log.push(sequence(log.at(-1)!, 1, 2, { ...command(), body }));
    }
    const bench = new Bench({ epoch: 1, cluster: 'c', log });
    bench.link('s2');
    bench.promote({ cluster: 'c', epoch: 1, inSync: members('s1') });
    bench.settle();
    bench.say('s2', { type: 'state', epoch: 2, incarnation: 's2-log', last: genesis, kept: genesis });
    for (let upto = 0; upto < log.length + 1; ) {
      const entries = bench.sent('append').flatMap((message) => message.entries);
      expect(entries[0]?.index).toBe(upto + 1);
      expect(entries.reduce((bytes, entry) => bytes + entry.body.length, 0)).toBeLessThan(limits.peerBufferMaxBytes);
      upto = entries.at(-1)!.index;
      bench.say('s2', { type: 'stored', epoch: 2, upto });
    }
  });

  it('R19 takes no more bytes of commands than it can give a primary at once', () => {
    const bench = new Bench();
    const body = new Uint8Array(limits.commandMaxBytes);
    const commands = Array.from({ length: limits.peerBufferMaxBytes / body.length }, () => ({ ...command(), body }));
    bench.give({ type: 'append', commands });
    expect(bench.take('give-up')).toMatchObject([{ code: 'overloaded' }]);
    bench.pass(limits.appendDeadlineMs + 100);
    bench.take('give-up');
    bench.give({ type: 'append', commands: commands.slice(0, 3) });
    expect(bench.take('give-up')).toEqual([]);
  });

  it('R19 keeps nothing of a command that it has given up, however long there is no primary', () => {
    const [again, other] = [command(), command()];
    const pending = new PendingCommands(10, 1_000);
    for (let round = 0; round < 3; round++) {
      pending.add(again, 0);
      pending.expire(20, 10);
    }
    pending.add(again, 30);
    pending.add(other, 30);
    expect(pending.takeQueue()).toEqual([again, other]);
  });

  it('R19 a follower that stores nothing leaves the set, however lively it is', () => {
    const bench = primaryOfTwo();
    bench.give({ type: 'append', commands: [command()] });
    bench.settle();
    for (let ms = 0; ms < 3 * limits.memberSilenceMaxMs; ms += 100) {
      bench.pass(100);
      bench.say('s2', { type: 'stored', epoch: 1, upto: 1 });
    }
    expect(bench.take('write-manifest').map(({ manifest }) => manifest.inSync)).toEqual([members('s1')]);
    bench.give({ type: 'manifest-stored' });
    expect(bench.take('commit').at(-1)).toEqual({ type: 'commit', upto: 2 });
  });
});
