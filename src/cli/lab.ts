/** `estafet lab run 1` to `4`: plays an experiment on virtual time and prints a row for each method and setting. */
import { Refusal } from '../cluster/supervisor/index.ts';
import {
  type JudgedRow,
  judgeAgain,
  type LabSettings,
  type LinkExperiment,
  type Played,
  playVariant,
  problemSentence,
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

export const changeOf = ({
  loss,
  latency,
  retries,
  timeout,
  window,
}: Omit<LabRunOptions, 'messages' | 'seed'>): Partial<LabSettings> => ({
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

/** Refuses settings that are out of their bounds together. */
export const checkSettings = (settings: LabSettings): void => {
  const [problem] = problemsOf(settings);
  if (problem !== undefined) throw new Refusal('usage', `${problemSentence(problem)}.`);
};

/** Whether a row contradicts theory also as one of so many that are looked at: each by itself does by chance now and then. */
export const contradicts = (row: JudgedRow, rows: number): boolean => {
  const theory = new Map(row.judged.map((one) => [one.quantity, one.theory]));
  return judgeAgain(row, (quantity) => theory.get(quantity) ?? null, rows).verdict === 'not-consistent';
};

/** Runs it and prints it. Exit code 1 when something is not consistent with theory. */
export const runLab = (experiment: LinkExperiment, options: LabRunOptions): void => {
  const variants = variantsOf(experiment, changeOf(options));
  for (const { settings } of variants) checkSettings(settings);
  for (const variant of variants) {
    const played = playVariant(experiment, variant, options.seed, options.messages);
    const { row, judgement } = played;
    if (contradicts({ ...row, judged: judgement.quantities }, variants.length)) process.exitCode = 1;
    process.stdout.write(options.json ? `${JSON.stringify(row)}\n` : describe(played));
  }
};
