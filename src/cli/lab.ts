/** `estafet lab run`: plays an experiment on virtual time and prints a row for each method and setting. */

import { Refusal } from '../cluster/supervisor/index.ts';
import {
  type LabSettings,
  type LinkExperiment,
  type Played,
  playVariant,
  problemsOf,
  variantsOf,
} from '../lab/index.ts';

export interface LabRunOptions {
  readonly messages: number;
  readonly seed: number;
  readonly loss?: number;
  readonly latency?: readonly [number, number];
  readonly retries?: number;
  readonly timeout?: number;
  readonly window?: number;
  readonly json?: boolean;
}

const changeOf = ({ loss, latency, retries, timeout, window }: LabRunOptions): Partial<LabSettings> => ({
  ...(loss === undefined ? {} : { loss }),
  ...(latency === undefined ? {} : { latencyMinMs: latency[0], latencyMaxMs: latency[1] }),
  ...(retries === undefined ? {} : { maxRetries: retries }),
  ...(timeout === undefined ? {} : { ackTimeoutMs: timeout }),
  ...(window === undefined ? {} : { window }),
});

const percent = (part: number, all: number): string => `${((100 * part) / Math.max(1, all)).toFixed(1)} %`;
const figure = (value: number | null, unit = ''): string =>
  value === null ? '–' : `${value.toFixed(value < 10 ? 3 : 1)}${unit}`;

const words = { consistent: 'consistent', 'not-consistent': 'NOT consistent', 'too-few': 'too few messages to tell' };

const describe = ({ row, judgement }: Played): string => {
  const { method, settings, sent, theory, throughput } = row;
  const { loss, latencyMinMs, latencyMaxMs, maxRetries, ackTimeoutMs, window } = settings;
  const links = `loss ${percent(loss, 1)}, ${latencyMinMs}–${latencyMaxMs} ms`;
  const patience = method === 'pubsub' ? `, ${maxRetries} retries, timeout ${ackTimeoutMs} ms` : '';
  const lines = [`${method}: ${links}${patience}${window > 0 ? `, window ${window}` : ''}; ${sent} messages`];
  for (const { quantity, measured, interval, theory: expected, verdict } of judgement.quantities) {
    const [unit, between] = [quantity === 'latency' ? ' ms' : '', interval];
    const range = between === null ? '' : ` [${figure(between.low)}, ${figure(between.high)}]`;
    lines.push(
      `  ${quantity.padEnd(11)}${figure(measured, unit).padStart(11)}${range.padEnd(20)} theory ${figure(expected, unit).padStart(10)}  ${words[verdict]}`,
    );
  }
  if (throughput !== undefined && theory.throughput !== undefined) {
    const { sentPerSecond, goodPerSecond } = throughput;
    lines.push(
      `  throughput ${figure(sentPerSecond)}/s sent, ${figure(goodPerSecond)}/s good; theory ${figure(theory.throughput.sentPerSecond)}/s, ${figure(theory.throughput.goodPerSecond)}/s`,
    );
  }
  return `${lines.join('\n')}\n`;
};

/** Runs it and prints it. Exit code 1 when a row is not consistent with theory. */
export const runLab = (experiment: number, options: LabRunOptions): void => {
  const variants = variantsOf(experiment as LinkExperiment, changeOf(options));
  for (const { settings } of variants) {
    const [problem] = problemsOf(settings);
    if (problem)
      throw new Refusal(
        'usage',
        `${problem.setting}: ${problem.reason.replaceAll('-', ' ')} (${problem.bound ?? ''}).`,
      );
  }
  let isConsistent = true;
  for (const variant of variants) {
    const played = playVariant(experiment, variant, options.seed, options.messages);
    isConsistent &&= played.row.verdict !== 'not-consistent';
    process.stdout.write(options.json ? `${JSON.stringify(played.row)}\n` : describe(played));
  }
  if (!isConsistent) process.exitCode = 1;
};
