/** Real processes, real signals: what no simulation can stand in for. The runner is the one behind `npm run chaos`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type ChaosOptions, type ChaosReport, runChaos } from '../../src/cluster/chaos/index.ts';
import { runningServers, runningSupervisor } from '../../src/cluster/supervisor/index.ts';
import { estafet, estafetResult } from '../support/estafet.ts';
import { eventually } from '../support/eventually.ts';

const commandLine = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

const defaults: ChaosOptions = {
  up: [process.execPath, commandLine, 'up'],
  kills: 0,
  pauses: 0,
  backups: 0,
  doubles: 0,
  rolling: 0,
  blackouts: 0,
  storms: 0,
  freezes: 0,
  wipes: 0,
  servers: 3,
  clients: 12,
  rate: 300,
  seed: 20_261_121,
  data: null,
  port: null,
};

/** Runs chaos and stops it, processes and folders included, when the test is over before it is. */
const run = async (options: Partial<ChaosOptions>, signal: AbortSignal): Promise<ChaosReport> => {
  const lines: string[] = [];
  const report = await runChaos({ ...defaults, ...options }, { signal, onProgress: (line) => lines.push(line) }).catch(
    (error: unknown) => {
      console.error(lines.join('\n'));
      throw error;
    },
  );
  if (!report.ok) console.error([...lines, ...report.details].join('\n'));
  return report;
};

const unbroken = {
  ok: true,
  lost: 0,
  duplicated: 0,
  reordered: 0,
  gaps: 0,
  staleReads: 0,
  phantoms: 0,
  diverged: 0,
  contradicted: 0,
  turnedAway: 0,
  refused: 0,
  resets: 0,
  details: [],
};

describe('chaos', () => {
  test('P1 P2 P4 four kills of the primary and a pause under load lose, double and reorder nothing', async ({
    signal,
  }) => {
    const report = await run({ kills: 4, pauses: 1, backups: 1 }, signal);
    const { takeoverMs, pauseMs, acked, seconds } = report;
    console.log(`4 kills, ${acked} commands in ${seconds} s: takeover ${JSON.stringify(takeoverMs)} ms`);
    console.log(`a pause: writes went on after ${JSON.stringify(pauseMs)} ms`);
    expect(report).toMatchObject({ ...unbroken, kills: 4, pauses: 1, backupKills: 1 });
    expect(acked).toBeGreaterThan(1_000);
    expect(report.received).toBeGreaterThan(acked);
    expect(report.reads).toBeGreaterThan(20);
  });

  test('P1 P2 P4 a rolling restart and a double kill do no harm to any kind of command', async ({ signal }) => {
    const report = await run({ rolling: 1, doubles: 1, clients: 6, rate: 200 }, signal);
    const { rollingMs, ackedByKind, seconds } = report;
    console.log(
      `mixed chaos in ${seconds} s, ${JSON.stringify(ackedByKind)}; writes waited ${JSON.stringify(rollingMs)} ms`,
    );
    expect(report).toMatchObject({ ...unbroken, rolling: 1, doubles: 1 });
    for (const kind of ['posted', 'edited', 'deleted', 'created', 'joined', 'left', 'marked'])
      expect(ackedByKind[kind], kind).toBeGreaterThan(5);
    expect(report.reads).toBeGreaterThan(20);
  });

  test('P1 SIGKILL of all servers at once, storms, hanging backups and lost disks lose nothing that was acknowledged', async ({
    signal,
  }) => {
    const report = await run({ blackouts: 1, storms: 1, freezes: 1, wipes: 1, clients: 6 }, signal);
    expect(report).toMatchObject({ ...unbroken, blackouts: 1, storms: 1, freezes: 1, wipes: 1 });
    expect(report.acked).toBeGreaterThan(200);
  });

  test('the command prints one line of JSON, and says by its exit code that all went well', async () => {
    const few = ['--kills', '1', '--pauses', '0', '--backups', '0', '--clients', '2', '--rate', '50'];
    const { code, out, err } = await estafetResult(['chaos', ...few, '--seed', '5', '--json']);
    expect(code, err).toBe(0);
    expect(out.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(out)).toMatchObject({
      ...unbroken,
      kills: 1,
      pauses: 0,
      takeoverMs: { max: expect.any(Number) },
    });
  });

  test('the command leaves no process behind when it is interrupted', async () => {
    const data = await mkdtemp(join(tmpdir(), 'estafet-chaos-test-'));
    try {
      const running = estafet(['chaos', '--kills', '50', '--clients', '2', '--data', data]);
      await eventually('the primary was killed', () => running.err().includes('killed the primary'), {
        deadlineMs: 60_000,
      });
      running.child.kill('SIGINT');
      const { code } = await running.ended;
      expect(code).toBe(130);
      expect(runningServers(data)).toEqual([]);
      expect(runningSupervisor(data)).toBeNull();
    } finally {
      await rm(data, { recursive: true, force: true });
    }
  });
});
