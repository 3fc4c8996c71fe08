/** Real processes, real signals: what no simulation can stand in for. The runner is the one behind `npm run chaos`. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type ChaosOptions, type ChaosReport, runChaos } from '../../src/cluster/chaos/index.ts';

const commandLine = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

const defaults: ChaosOptions = {
  up: [process.execPath, commandLine, 'up'],
  kills: 0,
  pauses: 0,
  backups: 0,
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
  test('P1 P2 P4 twenty kills of the primary and two pauses under load lose, double and reorder nothing', async ({
    signal,
  }) => {
    const report = await run({ kills: 20, pauses: 2, backups: 1 }, signal);
    const { takeoverMs, pauseMs, acked, seconds } = report;
    console.log(`20 kills, ${acked} messages in ${seconds} s: takeover ${JSON.stringify(takeoverMs)} ms`);
    console.log(`2 pauses: writes went on after ${JSON.stringify(pauseMs)} ms`);
    expect(report).toMatchObject({ ...unbroken, kills: 20, pauses: 2 });
    expect(acked).toBeGreaterThan(1_000);
    expect(report.received).toBeGreaterThan(acked);
    expect(report.reads).toBeGreaterThan(50);
    expect(takeoverMs!.p50).toBeLessThan(1_000);
  });

  test('P1 SIGKILL of all servers at the same time loses nothing that was acknowledged', async ({ signal }) => {
    const report = await run({ blackouts: 3, clients: 6 }, signal);
    expect(report).toMatchObject({ ...unbroken, blackouts: 3 });
    expect(report.acked).toBeGreaterThan(200);
  });
});
