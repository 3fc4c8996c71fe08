/** What is broken on purpose in the engine: that it really is, that the engine lives with it, and that it can be mended. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { limits, newCommandId } from '../../protocol/index.ts';
import { until } from '../contract.ts';
import type { ReplicatedLog, Trace } from '../log.ts';
import { openEmbeddedLog } from './index.ts';
import { SlowDisk } from './slow-disk.ts';

const command = (text: string) => ({ id: newCommandId(), body: new TextEncoder().encode(text) });

describe('faults on purpose', () => {
  let data: string;
  let logs: readonly ReplicatedLog[];
  let traces: Trace[];
  const named = (name: string): ReplicatedLog => logs.find((log) => log.topology().self === name)!;
  const members = (log: ReplicatedLog): string[] =>
    log
      .topology()
      .replicas.filter(({ inSync }) => inSync)
      .map(({ name }) => name);
  const allInSync = (): Promise<void> =>
    until(() => logs.every((log) => members(log).length === 3 && log.topology().primary === 's1'), 'all in sync');
  const timed = async (text: string): Promise<number> => {
    const startedAt = performance.now();
    await named('s1').append(command(text));
    return performance.now() - startedAt;
  };

  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'estafet-faults-'));
    logs = await Promise.all(['s1', 's2', 's3'].map((name) => openEmbeddedLog({ name, data })));
    await allInSync();
    traces = [];
    named('s1').onTrace((trace) => traces.push(trace));
  });
  afterEach(async () => {
    await Promise.all(logs.map((log) => log.close()));
    await rm(data, { recursive: true, force: true });
  });

  it.each([
    ['the dialling end', 's2', 's1'],
    ['the end that is dialled', 's1', 's2'],
  ])(
    'R5 R6 a cut link, held by %s, stays cut; the backup leaves the set, and is back when it is healed',
    async (_, at, peer) => {
      named(at).injection!.cutLink(peer);
      await until(() => members(named('s1')).length === 2, 's2 is dropped');
      expect(named(at).injection!.faults.cutFrom).toEqual([peer]);
      expect(
        named('s1')
          .topology()
          .replicas.find(({ name }) => name === 's2')?.role,
      ).toBe('down');
      // Longer than it takes to dial again, and than a primary may be silent: s3 vouches for it.
      const { index } = await named('s1').append(command('without s2'));
      const cutAt = performance.now();
      await until(() => performance.now() - cutAt > 2.5 * limits.primarySilenceMaxMs, 'time has gone by');
      expect(members(named('s1'))).toEqual(['s1', 's3']);
      expect(traces.filter(({ what }) => what === 'resynced')).toEqual([]);
      named(at).injection!.healLink(peer);
      await allInSync();
      await until(() => named('s2').fingerprintAt(index) !== null, 's2 has what it missed');
      expect(named('s1').topology().epoch).toBe(1);
      expect(named(at).injection!.faults.cutFrom).toEqual([]);
    },
  );

  it('a slow link delays what is sent and keeps its order, and nothing overtakes when it is fast again', async () => {
    named('s2').injection!.slowLinks(300);
    const slow = await timed('slow');
    expect(slow).toBeGreaterThan(290);
    const waiting = Array.from({ length: 20 }, (_, at) => named('s2').append(command(`${at}`)));
    await new Promise((resolve) => setImmediate(resolve));
    named('s2').injection!.slowLinks(0);
    const after = Array.from({ length: 20 }, (_, at) => named('s2').append(command(`after ${at}`)));
    const indices = (await Promise.all([...waiting, ...after])).map(({ index }) => index);
    expect(indices).toEqual(indices.toSorted((a, b) => a - b));
    expect(await timed('fast')).toBeLessThan(250);
    expect(members(named('s1'))).toEqual(['s1', 's2', 's3']);
  });

  it.each(['s1', 's3'])(
    'a slow disk of %s makes each acknowledgement wait, many at once no longer, and nothing else',
    async (name) => {
      named(name).injection!.slowDisk(200);
      expect(await timed('one')).toBeGreaterThan(195);
      const startedAt = performance.now();
      await Promise.all(Array.from({ length: 200 }, (_, at) => named('s1').append(command(`${at}`))));
      const took = performance.now() - startedAt;
      expect(took).toBeGreaterThan(195);
      expect(took).toBeLessThan(2_000);
      named(name).injection!.slowDisk(0);
      await timed('the last one that waits');
      expect(await timed('fast')).toBeLessThan(150);
      expect(named('s1').topology().epoch).toBe(1);
    },
  );

  it('nothing is slower than the limit', () => {
    const { injection } = named('s1');
    for (const ms of [-1, limits.faultDelayMaxMs + 1, Number.NaN]) {
      expect(() => injection!.slowDisk(ms)).toThrow(RangeError);
      expect(() => injection!.slowLinks(ms)).toThrow(RangeError);
    }
    expect(injection!.faults).toEqual({ cutFrom: [], slowLinkMs: 0, slowDiskMs: 0 });
  });
});

describe('a slow disk', () => {
  it('says each write once, in order, those that come meanwhile together, and is idle at the end', async () => {
    const done: number[] = [];
    const disk = new SlowDisk((count) => done.push(count));
    expect(disk.takes(1)).toBe(false);
    disk.ms = 20;
    expect([disk.takes(1), disk.takes(2), disk.takes(3)]).toEqual([true, true, true]);
    disk.ms = 0;
    // What is under way goes first.
    expect(disk.takes(4)).toBe(true);
    await disk.idle();
    expect(done).toEqual([1, 9]);
    expect(disk.takes(1)).toBe(false);
  });

  it('says nothing of what is under way when it has ended', async () => {
    const done: number[] = [];
    const disk = new SlowDisk((count) => done.push(count));
    disk.ms = 5;
    disk.takes(1);
    const idle = disk.idle();
    disk.end();
    await idle;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(done).toEqual([]);
  });
});
