/** `estafet lab` as it is typed: what it prints, and how it refuses. */
import type { Command } from 'commander';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { labCommand } from './commands/lab.ts';

const quiet = (command: Command): Command => {
  command.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
  command.commands.forEach(quiet);
  return command;
};

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** What it prints on the standard output. Rejects as the command does. */
const lab = async (line: string): Promise<string> => {
  let out = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  await quiet(labCommand()).parseAsync(line.split(' '), { from: 'user' });
  return out;
};
const lines = async (line: string): Promise<Record<string, unknown>[]> =>
  (await lab(line))
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as Record<string, unknown>);

describe('estafet lab run --json', () => {
  test.each([1, 2])(
    '%i prints a line a method, with the fields that are promised and no others',
    async (experiment) => {
      const [direct, pubsub, ...more] = await lines(`run ${experiment} --messages 1000 --seed 7 --json`);
      expect(more).toEqual([]);
      expect([direct!.method, pubsub!.method]).toEqual(['direct', 'pubsub']);
      for (const row of [direct!, pubsub!]) {
        expect(Object.keys(row)).toEqual([
          ...['experiment', 'seed', 'method', 'settings', 'sent', 'delivered', 'confirmed', 'duplicates', 'attempts'],
          ...['latencyMs', 'theory', 'verdict'],
        ]);
        expect(Object.keys(row.settings as object)).toEqual([
          ...['loss', 'latencyMinMs', 'latencyMaxMs', 'maxRetries', 'ackTimeoutMs', 'window'],
        ]);
        expect(Object.keys(row.latencyMs as object)).toEqual(['mean', 'p50', 'p95']);
        expect(Object.keys(row.theory as object)).toEqual([
          ...['delivered', 'confirmed', 'attempts', 'duplicates', 'latencyMs'],
        ]);
        expect(row).toMatchObject({ experiment, seed: 7, sent: 1_000, verdict: 'consistent' });
      }
    },
  );

  test('takes each setting as a flag', async () => {
    const [row] = await lines(
      'run 2 --loss 0.3 --retries 2 --timeout 300 --latency 50-250 --window 4 --messages 50 --json',
    );
    expect(row).toMatchObject({
      settings: { loss: 0.3, latencyMinMs: 50, latencyMaxMs: 250, maxRetries: 2, ackTimeoutMs: 300, window: 4 },
    });
  });

  test('prints the same figures for the same seed, and others for another', async () => {
    const line = 'run 3 --messages 200 --json --seed';
    expect(await lab(`${line} 5`)).toBe(await lab(`${line} 5`));
    expect(await lab(`${line} 5`)).not.toBe(await lab(`${line} 6`));
    const [row] = await lines(`${line} 5`);
    expect(row).toMatchObject({ throughput: { offeredPerSecond: 10_000 } });
  });

  test('5 prints a line a number of threads and kind, and one of what they come to', async () => {
    const rows = await lines('run 5 --messages 20000 --threads 2 --seed 4 --json');
    expect(rows.slice(0, 4).map(({ experiment, threads, atomic }) => [experiment, threads, atomic])).toEqual([
      [5, 1, true],
      [5, 1, false],
      [5, 2, true],
      [5, 2, false],
    ]);
    for (const { delivered, counted, lostUpdates } of rows.slice(0, 4)) {
      expect(lostUpdates).toBe(Number(delivered) - Number(counted));
    }
    expect(rows[4]).toMatchObject({ experiment: 5, seed: 4, rounds: 3 });
  });
});

test('estafet lab grid prints every combination once, as CSV or as lines of JSON', async () => {
  const line = 'grid --messages 100 --method direct,pubsub --loss 0.1,0.5 --retries 0,2 --timeout 300,600';
  const rows = await lines(`${line} --json`);
  // Direct knows neither retries nor a timeout.
  expect(rows.map(({ method }) => method)).toEqual([...Array(2).fill('direct'), ...Array(8).fill('pubsub')]);
  expect(new Set(rows.map(({ method, settings }) => JSON.stringify([method, settings]))).size).toBe(10);
  const [head, ...records] = (await lab(line)).trim().split('\r\n');
  expect(head).toMatch(/^seed,method,loss,.*,verdict$/);
  expect(records).toHaveLength(10);
  for (const record of records) expect(record.split(',')).toHaveLength(head!.split(',').length);
});

test('estafet lab samples says how many it takes', async () => {
  expect(await lab('samples --error 0.05')).toBe('To know a share near 50 % to ± 5 % takes 385 messages, at 95 %.\n');
  expect(await lines('samples --error 0.03 --json')).toMatchObject([{ messages: 1_068 }]);
  const [{ messages } = { messages: 0 }] = await lines('samples --tell 0.9,0.99 --json');
  expect(messages).toBeGreaterThan(60);
  expect(messages).toBeLessThan(100);
});

describe('estafet lab refuses', () => {
  test.each([
    ['run 7', /from 1 to 6/],
    ['run 0', /from 1 to 6/],
    ['run one', /from 1 to 6/],
    ['run 1 --loss 1.01', /from 0 to 1/],
    ['run 1 --loss -0.1', /from 0 to 1/],
    ['run 1 --latency 300-100', /as in 50-250/],
    ['run 1 --latency 1-2-3', /as in 50-250/],
    ['run 1 --timeout 0', /from 1 to 60000/],
    ['run 1 --retries 1.5', /whole number/],
    ['run 1 --messages 0', /whole number/],
    ['run 1 --messages 1000001', /from 1 to 1000000 in this experiment/],
    ['run 1 --seed 9007199254740992', /whole number/],
    ['run 1 --colour red', /unknown option/],
    ['run 1 --threads 2', /Experiment 1 has no --threads/],
    ['run 1 --seconds 5', /Experiment 1 has no --seconds/],
    ['run 5 --loss 0.1', /Experiment 5 has no --loss/],
    ['run 5 --messages 10', /from 1000 to 20000000 in this experiment/],
    ['run 6 --messages 10', /Experiment 6 has no --messages/],
    ['run 6 --seconds 3 --kill-after 3000', /within the 3 s/],
    ['run 6 --url http://localhost:1', /--token/],
    ['run 6 --url localhost --token x', /not the address of a server/],
    ['grid --loss 0.1,x', /from 0 to 1/],
    ['grid --method smoke', /direct or pubsub/],
    ['grid --messages 1000000 --loss 0.1,0.2', /at most 5000 settings and 20000000 messages/],
    ['samples', /how exactly/],
    ['samples --tell 0.9', /two different shares/],
    ['samples --tell 0.9,0.9', /two different shares/],
  ])('%s', async (line, words) => {
    const failure = await lab(line).then(
      () => null,
      (error: Error & { exitCode: number }) => error,
    );
    expect(failure?.message).toMatch(words);
    // What commander refuses becomes 64 in main.ts.
    expect([1, 64]).toContain(failure?.exitCode);
  });
});
