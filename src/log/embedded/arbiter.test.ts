import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../contract.ts';
import { Arbiter } from './arbiter.ts';

const manifest = { cluster: 'c', epoch: 4, inSync: [{ name: 's1', incarnation: 'i' }] };

describe('R1 the lock', () => {
  let folder: string;
  let path: string;
  let arbiters: Arbiter[];
  let child: ChildProcess | null = null;
  const arbiter = (): Arbiter => {
    const one = new Arbiter(path);
    arbiters.push(one);
    return one;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'estafet-lock-'));
    path = join(folder, 'lock.db');
    arbiters = [];
  });
  afterEach(() => {
    child?.kill('SIGKILL');
    for (const one of arbiters) one.release();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is one holder’s, who alone writes the manifest; tries that fail shut nobody out', () => {
    const [a, b, c] = [arbiter(), arbiter(), arbiter()];
    expect(a.tryLock()).toEqual({ gained: true, manifest: null });
    for (let n = 0; n < 20; n++) {
      expect(b.tryLock().gained).toBe(false);
      expect(c.tryLock().gained).toBe(false);
    }
    a.write(manifest);
    expect(() => b.write(manifest)).toThrow(/lock holder/);
    a.release();
    expect(c.tryLock()).toEqual({ gained: true, manifest });
    expect(b.tryLock().gained).toBe(false);
  });

  it('is kept when nothing is written, and when the manifest is written again and again', () => {
    const [a, b] = [arbiter(), arbiter()];
    a.tryLock();
    a.release();
    a.tryLock();
    expect(b.tryLock().gained).toBe(false);
    for (let epoch = 1; epoch < 20; epoch++) {
      a.write({ ...manifest, epoch });
      expect(b.tryLock().gained).toBe(false);
    }
  });

  it('is let go by the kernel when its holder is killed, with the manifest as it was last written', async () => {
    const script = `
      import { Arbiter } from ${JSON.stringify(new URL('./arbiter.ts', import.meta.url).href)};
      const arbiter = new Arbiter(${JSON.stringify(path)});
      arbiter.tryLock();
      arbiter.write(${JSON.stringify(manifest)});
      console.log('held');
      setInterval(() => {}, 1000);`;
    child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout!, 'data');
    const mine = arbiter();
    expect(mine.tryLock().gained).toBe(false);
    child.kill('SIGKILL');
    let result = mine.tryLock();
    await until(() => {
      if (!result.gained) result = mine.tryLock();
      return result.gained;
    }, 'the lock of a dead process');
    expect(result).toEqual({ gained: true, manifest });
  });
});
