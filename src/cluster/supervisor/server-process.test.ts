/** One server's process: stopped when it is told to, and started again when it is told to, however long it was to wait. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newServerProcess, type ServerProcess } from './server-process.ts';

describe('a server’s process', () => {
  let folder: string;
  let said: string[];
  let restartInMs: number;
  let server: ServerProcess;

  const make = (script: string): void => {
    server = newServerProcess({
      name: 's1',
      command: ['/bin/sh', '-c', script],
      firstArgs: [],
      folder,
      onStart: () => said.push('started'),
      onDeath: (_, inMs) => {
        said.push('died');
        restartInMs = inMs;
      },
      onStop: () => said.push('stopped'),
    });
    server.run(null);
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'estafet-process-'));
    [said, restartInMs] = [[], 0];
  });
  afterEach(async () => {
    server.retire();
    server.signal('SIGKILL');
    await server.gone;
    rmSync(folder, { recursive: true, force: true });
  });

  test('that is kept waiting after many deaths is started at once when it is told to', async () => {
    make('exit 3');
    await expect.poll(() => restartInMs, { timeout: 60_000 }).toBe(2_000);
    const { startsAt } = server;
    expect(startsAt).toBeGreaterThan(Date.now());
    const starts = said.filter((one) => one === 'started').length;
    server.start();
    expect(said.filter((one) => one === 'started')).toHaveLength(starts + 1);
    expect([server.startsAt, Date.now() < startsAt!]).toEqual([null, true]);
  });

  test('stops without having died, stays away until it is started, and is only one however often it is', async () => {
    make('exec sleep 600');
    const first = server.mark?.pid;
    await Promise.all([server.stop(), server.stop()]);
    expect([server.mark, server.startsAt, said]).toEqual([null, null, ['started', 'stopped']]);
    server.start();
    const { mark } = server;
    expect(mark?.pid).not.toBe(first);
    server.start();
    expect(server.mark).toBe(mark);
    expect(said).toEqual(['started', 'stopped', 'started']);
  });

  test('that was stopped is gone when it is retired, and is started no more', async () => {
    make('exec sleep 600');
    await server.stop();
    server.retire();
    await server.gone;
    server.start();
    expect(server.mark).toBe(null);
  });
});
