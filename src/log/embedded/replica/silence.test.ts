/** When silence proves something, and when it does not: of the primary, of its members, and of whoever holds the lock. */
import { describe, expect, it } from 'vitest';
import { limits } from '../../../protocol/index.ts';
import { Bench, chain, following, lead, members, primaryOfThree } from './test-kit.ts';

describe('silence', () => {
  it('a silent primary is killed only when no other follower vouches for it, and never for a pause of one’s own', () => {
    const alone = following();
    alone.pass(limits.primarySilenceMaxMs + 100);
    expect(alone.take('kill-holder')).toMatchObject([{ name: 's1', epoch: 1 }]);

    const vouchedFor = following();
    for (let ms = 0; ms < 2 * limits.primarySilenceMaxMs; ms += 100) {
      vouchedFor.pass(100);
      vouchedFor.say('s3', { type: 'vouch', epoch: 1, silentMs: 10 });
    }
    expect(vouchedFor.take('kill-holder')).toEqual([]);

    const seeking = new Bench({ name: 's2', cluster: 'c' });
    seeking.give({ type: 'lock-busy' });
    for (const paused of [following(), seeking]) {
      paused.nowMs += 10 * limits.primarySilenceMaxMs;
      paused.give({ type: 'tick' });
      expect(paused.take('kill-holder')).toEqual([]);
    }
    seeking.pass(2 * limits.primarySilenceMaxMs + 100);
    expect(seeking.take('kill-holder')).toMatchObject([{ name: null }]);
  });

  it('after a pause of one’s own a primary is judged only when what it has sent meanwhile has been read', () => {
    const spared = (): Bench => {
      const bench = following();
      // Silent for too long, but another follower still hears it.
      for (let ms = 0; ms <= limits.primarySilenceMaxMs; ms += 100) {
        bench.pass(100);
        bench.say('s3', { type: 'vouch', epoch: 1, silentMs: 10 });
      }
      bench.nowMs += 2 * limits.primarySilenceMaxMs;
      bench.give({ type: 'tick' });
      expect(bench.take('kill-holder')).toEqual([]);
      return bench;
    };
    const alive = spared();
    alive.say('s1', lead(1, 1));
    alive.pass(limits.primarySilenceMaxMs);
    expect(alive.take('kill-holder')).toEqual([]);

    const hung = spared();
    hung.pass(3 * limits.tickIntervalMs);
    expect(hung.take('kill-holder')).toMatchObject([{ name: 's1', epoch: 1 }]);

    const seeking = new Bench({ name: 's2', cluster: 'c' });
    seeking.give({ type: 'lock-busy' });
    seeking.pass(2 * limits.primarySilenceMaxMs - limits.tickIntervalMs);
    // A moment before its patience with the lock's holder ends.
    for (const ms of [limits.tickIntervalMs - 0.1, limits.primarySilenceMaxMs, 0.2]) {
      seeking.nowMs += ms;
      seeking.give({ type: 'tick' });
    }
    expect(seeking.take('kill-holder')).toEqual([]);
    seeking.pass(2 * limits.tickIntervalMs);
    expect(seeking.take('kill-holder')).toHaveLength(1);
  });

  it('a pause of one’s own excuses nobody’s silence after it, though something is heard before the next tick', () => {
    const bench = following();
    bench.nowMs += 10 * limits.primarySilenceMaxMs;
    bench.say('s1', lead(1, 1));
    bench.give({ type: 'tick' });
    expect(bench.sent('vouch').at(-1)?.silentMs).toBe(0);
    bench.pass(limits.primarySilenceMaxMs);
    expect(bench.take('kill-holder')).toEqual([]);
    bench.pass(2 * limits.tickIntervalMs);
    expect(bench.take('kill-holder')).toMatchObject([{ name: 's1', epoch: 1 }]);
  });

  it('R5 a member is dropped as soon after a pause of the primary’s own as at any time, and not for that pause', () => {
    const bench = primaryOfThree();
    bench.nowMs += 10 * limits.memberSilenceMaxMs;
    // What is read first is news of the one; the other's waits unread.
    bench.give({ type: 'unlinked', peer: 's3' });
    expect(bench.take('write-manifest')).toMatchObject([{ manifest: { inSync: members('s1', 's2') } }]);
    bench.give({ type: 'manifest-stored' });
    bench.say('s2', { type: 'stored', epoch: 1, upto: 1 });
    bench.give({ type: 'tick' });
    bench.pass(limits.memberSilenceMaxMs - limits.tickIntervalMs);
    expect(bench.take('write-manifest')).toEqual([]);
    bench.pass(3 * limits.tickIntervalMs);
    expect(bench.take('write-manifest')).toMatchObject([{ manifest: { inSync: members('s1') } }]);
  });

  it('an outsider that waited for a member gives it time to lead, once it has the lock', () => {
    const bench = new Bench({ name: 's2', epoch: 1, cluster: 'c', log: chain(1, 3) });
    bench.link('s1');
    const manifest = { cluster: 'c', epoch: 1, inSync: members('s1') };
    for (let ms = 0; ms < 3 * limits.primarySilenceMaxMs; ms += 20) {
      if (bench.take('try-lock').length > 0) bench.give({ type: 'lock-gained', manifest, fresh: false });
      bench.pass(20);
    }
    bench.give({ type: 'lock-busy' });
    bench.pass(limits.primarySilenceMaxMs);
    expect(bench.take('kill-holder')).toEqual([]);
    bench.pass(limits.primarySilenceMaxMs + 100);
    expect(bench.take('kill-holder')).toHaveLength(1);
  });
});
