/** The shell with what it is told at once, in one turn of the event loop; its disk, lock and processes are real. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { limits } from '../../protocol/index.ts';
import { until } from '../contract.ts';
import type { EngineFault, Trace } from '../log.ts';
import { Arbiter } from './arbiter.ts';
import { processIdentity } from './process-identity.ts';
import type { PeerMessage } from './replica/messages.ts';
import { ReplicaHost } from './replica-host.ts';

const nothing = (): void => {};
const lead: PeerMessage = {
  type: 'lead',
  epoch: 1,
  cluster: 'c',
  began: 1,
  committed: 0,
  serving: true,
  inSync: ['s1', 's2'],
};

describe('the replica’s shell', () => {
  let data: string;
  let host: ReplicaHost;
  let faults: EngineFault[];
  let traced: Trace['what'][];
  let ticker: NodeJS.Timeout | undefined;

  const make = (name: string): void => {
    host = new ReplicaHost(
      { name, data },
      {
        committed: nothing,
        installed: nothing,
        gaveUp: nothing,
        steppedDown: nothing,
        changed: nothing,
        trace: ({ what }) => traced.push(what),
        cast: nothing,
        status: nothing,
        halted: (fault) => faults.push(fault),
      },
    );
  };
  const tick = (): void => {
    ticker = setInterval(() => host.input({ type: 'tick' }), limits.tickIntervalMs);
  };

  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'estafet-host-'));
    faults = [];
    traced = [];
  });
  afterEach(async () => {
    clearInterval(ticker);
    await host.close();
    rmSync(data, { recursive: true, force: true });
  });

  it('R2 gains the lock once, although a dead primary’s last words made it ask again in the same turn', async () => {
    make('s1');
    const arbiter = new Arbiter(join(data, 'lock.db'));
    arbiter.tryLock();
    arbiter.write({ cluster: 'c', epoch: 1, inSync: [{ name: 's1', incarnation: host.incarnation }] });
    arbiter.release();
    host.input({ type: 'tick' });
    host.input({ type: 'linked', peer: 's2', incarnation: 's2-log' });
    host.input({ type: 'message', from: 's2', message: lead });
    host.input({ type: 'unlinked', peer: 's2' });
    await until(() => host.status.role === 'primary' || faults.length > 0, 's1 leads');
    expect(faults).toEqual([]);
    expect(host.status).toMatchObject({ role: 'primary', epoch: 2 });
  });

  it('kills a primary only over the link on which it was silent, never whoever has the lock since', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    try {
      const pid = other.pid!;
      await until(() => processIdentity(pid) !== null, 'the other process runs');
      writeFileSync(join(data, 'primary.json'), JSON.stringify({ name: 's3', pid, identity: processIdentity(pid) }));
      make('s2');
      // The link to s1 has broken, and the replica has not been told yet.
      host.input({ type: 'linked', peer: 's1', incarnation: 's1-log' });
      host.input({ type: 'message', from: 's1', message: lead });
      await until(() => host.status.role === 'following', 's2 follows');
      tick();
      await until(() => traced.includes('primary-lost'), 's2 gives s1 up');
      expect(traced).not.toContain('primary-killed');
    } finally {
      other.kill('SIGKILL');
    }
  });
});
