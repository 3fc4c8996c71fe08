/** The rules that concern whole disks and whole processes, on real ones: who may serve, and with which log. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newCommandId } from '../../protocol/index.ts';
import { collect, until } from '../contract.ts';
import type { ReplicatedLog } from '../log.ts';
import { type EmbeddedOptions, openEmbeddedLog } from './index.ts';

const command = (text: string) => ({ id: newCommandId(), body: new TextEncoder().encode(text) });

describe('the embedded engine', () => {
  let data: string;
  let logs: Map<string, ReplicatedLog>;
  const open = async (name: string, options: Partial<EmbeddedOptions> = {}): Promise<ReplicatedLog> => {
    const log = await openEmbeddedLog({ name, data, ...options });
    logs.set(name, log);
    return log;
  };
  const close = async (name: string): Promise<void> => {
    await logs.get(name)?.close();
    logs.delete(name);
  };
  const inSync = (log: ReplicatedLog): string[] =>
    log
      .topology()
      .replicas.filter((replica) => replica.inSync)
      .map((replica) => replica.name);
  const leads = (name: string): Promise<void> =>
    until(() => logs.get(name)!.topology().primary === name, `${name} leads`);
  const setIs = (log: ReplicatedLog, names: readonly string[]): Promise<void> =>
    until(() => inSync(log).join() === names.join(), `the in-sync set is ${names}`);

  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'estafet-rules-'));
    logs = new Map();
  });
  afterEach(async () => {
    for (const name of [...logs.keys()]) await close(name);
    rmSync(data, { recursive: true, force: true });
  });

  it('a server founds a cluster the later the higher its number, so that as a rule the first is its primary', async () => {
    // Not a race of three: on a slow disk, another may be done with starting long before s1. It waits twice 400 ms.
    const startedAt = performance.now();
    await open('s3');
    await leads('s3');
    expect(performance.now() - startedAt).toBeGreaterThan(700);
  });

  it('R5 a member that leaves is out of the set before anything is committed without it', async () => {
    const first = await open('s1');
    await leads('s1');
    await open('s2');
    await setIs(first, ['s1', 's2']);
    await close('s2');
    await first.append(command('alone'));
    expect(inSync(first)).toEqual(['s1']);
  });

  it('R7 a server outside the set does not serve while a member may come back', async () => {
    const first = await open('s1');
    await leads('s1');
    const second = await open('s2');
    await setIs(first, ['s1', 's2']);
    await close('s2');
    const { index } = await first.append(command('only s1 has this'));
    await close('s1');
    await open('s2');
    const back = await open('s1');
    await leads('s1');
    expect(await collect(back, 0, 1)).toHaveLength(1);
    await until(() => (logs.get('s2')!.fingerprintAt(index) ?? '') !== '', 's2 has it too');
    expect(second.topology().self).toBe('s2');
  });

  it('R7 a server outside the set completes its log from a dead member’s disk, and then serves', async () => {
    const first = await open('s1');
    await leads('s1');
    await open('s2');
    await setIs(first, ['s1', 's2']);
    await close('s2');
    const answers = await Promise.all(Array.from({ length: 50 }, (_, at) => first.append(command(`${at}`))));
    await close('s1');
    const second = await open('s2');
    await leads('s2');
    const entries = await collect(second, 0, 50);
    expect(entries.map(({ id }) => id)).toEqual(answers.map(({ id }) => id));
  });

  it('R7 R8 when the only disk with everything is lost, nobody serves, and the server says whom it waits for', async () => {
    const first = await open('s1');
    await leads('s1');
    await open('s2');
    await setIs(first, ['s1', 's2']);
    await close('s2');
    await first.append(command('only s1 has this'));
    await close('s1');
    rmSync(join(data, 's1'), { recursive: true });
    const second = await open('s2');
    await until(() => second.topology().waiting !== null, 'it says what it waits for');
    expect(second.topology().waiting).toMatch(/s1/);
    expect(second.topology().primary).toBeNull();
  });

  it('R7 an operator may promote it all the same, with --unsafe-promote', async () => {
    const first = await open('s1');
    await leads('s1');
    await open('s2');
    await setIs(first, ['s1', 's2']);
    await first.append(command('both have this'));
    await close('s2');
    await first.append(command('only s1 has this'));
    await close('s1');
    rmSync(join(data, 's1'), { recursive: true });
    const second = await open('s2', { unsafePromote: true });
    await leads('s2');
    expect(await collect(second, 0, 1)).toHaveLength(1);
  });

  it('R8 a wiped member comes back under a new incarnation, and is given everything', async () => {
    const first = await open('s1');
    await leads('s1');
    const second = await open('s2');
    await setIs(first, ['s1', 's2']);
    const { origin } = second;
    await Promise.all(Array.from({ length: 200 }, (_, at) => first.append(command(`${at}`))));
    await close('s2');
    rmSync(join(data, 's2'), { recursive: true });
    const wiped = await open('s2');
    expect(wiped.origin).not.toBe(origin);
    await setIs(first, ['s1', 's2']);
    expect(await collect(wiped, 0, 200)).toHaveLength(200);
  });

  it('R8 without lock.db beside existing logs, nobody founds a new cluster over them', async () => {
    const first = await open('s1');
    await leads('s1');
    await first.append(command('kept'));
    await close('s1');
    for (const file of ['lock.db', 'lock.db-journal']) rmSync(join(data, file), { force: true });
    const empty = await open('s2');
    expect((await empty.closed)?.code).toBe('manifest-lost');
    const again = await open('s1');
    expect((await again.closed)?.code).toBe('manifest-lost');
  });

  it('refuses a log of another cluster, with a sentence that says what to do', async () => {
    await open('s1');
    await leads('s1');
    const elsewhere = mkdtempSync(join(tmpdir(), 'estafet-other-'));
    try {
      const other = await openEmbeddedLog({ name: 's2', data: elsewhere });
      await until(() => other.topology().primary === 's2', 'the other cluster has a primary');
      await other.close();
      cpSync(join(elsewhere, 's2'), join(data, 's2'), { recursive: true });
      const stranger = await open('s2');
      const fault = await stranger.closed;
      expect(fault?.code).toBe('other-cluster');
      expect(fault?.message).toMatch(/data folder/);
    } finally {
      rmSync(elsewhere, { recursive: true, force: true });
    }
  });

  it('commits nothing while the set is smaller than it is told to be', async () => {
    const first = await open('s1', { minInSync: 2 });
    await leads('s1');
    const sent = first.append(command('needs two'));
    let answered = false;
    void sent.then(() => {
      answered = true;
    });
    await until(() => first.topology().replicas[0]!.last >= 1, 's1 has stored its mark');
    expect(answered).toBe(false);
    await open('s2', { minInSync: 2 });
    expect((await sent).index).toBeGreaterThan(0);
  });
});
