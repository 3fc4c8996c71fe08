/** `estafet chaos`: breaks a cluster of its own under load and prints what the checker found. Exit code 1 for a broken promise. */
import { randomInt } from 'node:crypto';
import { type ChaosOptions, reportText, runChaos } from '../cluster/chaos/index.ts';
import { ownCommand } from './package-paths.ts';

/** The options of a run as a person gives them: what is left out is chosen here. */
export interface ChaosCommandOptions extends Omit<ChaosOptions, 'up' | 'seed' | 'port' | 'data'> {
  readonly seed?: number;
  readonly port?: number;
  readonly data?: string;
  readonly json?: boolean;
}

/** Ended by a person, not by a fault. */
class Interrupted extends Error {
  readonly exitCode = 130;
}

/** Runs chaos. Progress goes to the standard error, the result to the standard output. */
export const chaos = async (options: ChaosCommandOptions): Promise<void> => {
  const { seed = randomInt(2 ** 32), port = null, data = null } = options;
  const stopping = new AbortController();
  const stop = (): void => stopping.abort(new Interrupted('chaos was interrupted; its cluster is stopped'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  const startedAt = performance.now();
  const report = await runChaos(
    { ...options, seed, port, data, up: [...ownCommand(), 'up'] },
    {
      signal: stopping.signal,
      onProgress: (line) => {
        const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
        process.stderr.write(`${seconds.padStart(6)} s  ${line}\n`);
      },
    },
  );
  process.stdout.write(options.json === true ? `${JSON.stringify(report)}\n` : `\n${reportText(report)}`);
  process.exitCode = report.ok ? 0 : 1;
};
