/** `estafet lab`: what it is called and which options it has. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { Refusal } from '../../cluster/supervisor/index.ts';
import { defaultSettings, type LinkExperiment, linkExperiments, methods, settingBounds } from '../../lab/index.ts';
import { limits } from '../../protocol/index.ts';
import type { LabRunOptions } from '../lab.ts';
import type { LabGridOptions } from '../lab-grid.ts';
import type { LabSamplesOptions } from '../lab-samples.ts';
import { dataOption, integer, jsonOption } from '../options.ts';

const numberFrom =
  (min: number, max: number) =>
  (text: string): number => {
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) throw new InvalidArgumentError(`It is a number from ${min} to ${max}.`);
    return value;
  };

const { loss, latencyMaxMs, maxRetries, ackTimeoutMs, window } = settingBounds;
const lossOf = numberFrom(loss.min, loss.max);
const retriesOf = integer(maxRetries.min, maxRetries.max);
const timeoutOf = numberFrom(ackTimeoutMs.min, ackTimeoutMs.max);
const windowOf = integer(window.min, window.max);

/** Reads `50-250`, or `100` for links that always take as long. */
const latencyRange = (text: string): readonly [number, number] => {
  const [low, high = low, ...more] = text.split('-').map(numberFrom(0, latencyMaxMs.max));
  if (more.length > 0 || low === undefined || high === undefined || low > high) {
    throw new InvalidArgumentError('It is the shortest and the longest crossing in milliseconds, as in 50-250.');
  }
  return [low, high];
};

/** Reads several, with commas between them. */
const several =
  <T>(read: (text: string) => T) =>
  (text: string): readonly T[] =>
    text.split(',').map((one) => read(one.trim()));

const methodOf = (text: string) => {
  const found = methods.find((method) => method === text);
  if (found === undefined) throw new InvalidArgumentError(`It is ${methods.join(' or ')}.`);
  return found;
};

const seedOption = (): Option =>
  new Option('--seed <number>', 'of the losses and latencies; the same one meets the same')
    .default(1)
    .argParser(integer(0, Number.MAX_SAFE_INTEGER));

/** What each experiment takes beside `--json`; the rest is refused, so that nobody thinks it was heeded. */
const ofLinks = ['messages', 'seed', 'loss', 'latency', 'retries', 'timeout', 'window'];
const takenBy: Readonly<Record<number, readonly string[]>> = {
  5: ['messages', 'seed', 'threads'],
  6: ['rate', 'seconds', 'killAfter', 'data', 'url', 'token'],
};
const experiments = [...linkExperiments, 5, 6] as const;

interface RunOptions extends Partial<LabRunOptions> {
  readonly seed: number;
  readonly threads?: number;
  readonly rate: number;
  readonly seconds: number;
  readonly killAfter?: number;
  readonly data: string;
  readonly url?: string;
  readonly token?: string;
}

const messagesMost = 1_000_000;
const countedLeast = 1_000;
const countedMost = 20_000_000;

const refuseOthers = (experiment: number, command: Command): void => {
  const taken = takenBy[experiment] ?? ofLinks;
  for (const option of command.options) {
    const name = option.attributeName();
    if (name === 'json' || taken.includes(name) || command.getOptionValueSource(name) !== 'cli') continue;
    throw new Refusal('usage', `Experiment ${experiment} has no ${option.long}.`);
  }
};

const inBounds = (messages: number, least: number, most: number): number => {
  if (messages >= least && messages <= most) return messages;
  throw new Refusal('usage', `--messages is a whole number from ${least} to ${most} in this experiment.`);
};

const run = async (experiment: number, options: RunOptions, command: Command): Promise<void> => {
  refuseOthers(experiment, command);
  const { seed, json = false, threads, rate, seconds, killAfter, data, url, token } = options;
  if (experiment === 5) {
    const messages = inBounds(options.messages ?? 2_000_000, countedLeast, countedMost);
    const request = { messages, seed, ...(threads === undefined ? {} : { threads }) };
    await (await import('../lab-threads.ts')).runLabThreads(request, json);
  } else if (experiment === 6) {
    if (killAfter !== undefined && killAfter >= seconds * 1_000) {
      throw new Refusal('usage', `--kill-after must be within the ${seconds} s in which messages are sent.`);
    }
    const given = { ...(url === undefined ? {} : { url }), ...(token === undefined ? {} : { token }) };
    const kill = killAfter === undefined ? {} : { killAfterMs: killAfter };
    const request = { perSecond: rate, seconds, ...kill, data, ...given, json };
    await (await import('../lab-failover.ts')).runLabFailover(request);
  } else {
    const messages = inBounds(options.messages ?? 1_000, 1, messagesMost);
    (await import('../lab.ts')).runLab(experiment as LinkExperiment, { ...options, messages });
  }
};

const runCommand = (): Command =>
  new Command('run')
    .description('run a delivery experiment, and hold it against theory')
    .argument('<experiment>', `which: ${experiments.join(', ')}`, integer(1, experiments.length))
    .option('--messages <count>', 'messages of each method and setting (5: of all threads)', integer(1, countedMost))
    .addOption(seedOption())
    .option('--loss <share>', '1 to 4: of the crossings, 0 to 1', lossOf)
    .option('--latency <min-max>', '1 to 4: of a crossing, in milliseconds', latencyRange)
    .option('--retries <count>', '1 to 4: how often a message is sent again at most', retriesOf)
    .option('--timeout <ms>', '1 to 4: until a message is sent again', timeoutOf)
    .option('--window <count>', '1 to 4: messages on their way at a time; 0 is any number', windowOf)
    .option('--threads <count>', '5: up to how many', integer(1, limits.labThreadsMax))
    .option('--rate <number>', '6: messages a second of each method', integer(1, 200), 50)
    .option('--seconds <number>', '6: how long messages are sent', integer(3, 30), 6)
    .option('--kill-after <ms>', '6: when the primary is killed; after a third without it', integer(500, 29_000))
    .addOption(dataOption())
    .option('--url <address>', '6: any server, or the front door, instead of the servers of a data folder')
    .addOption(new Option('--token <token>', '6: of an owner or an admin, with --url').env('ESTAFET_TOKEN'))
    .addOption(jsonOption('each row'))
    .addHelpText('after', '\nExit code 1: not consistent with theory; 6: something acknowledged is lost or doubled.')
    .action(run);

const { latencyMinMs, latencyMaxMs: longest } = defaultSettings;

const gridCommand = (): Command =>
  new Command('grid')
    .description('run all combinations of settings, each given as a list with commas, and print them as CSV')
    .option('--messages <count>', 'messages of each method and setting', integer(1, messagesMost), 20_000)
    .addOption(seedOption())
    .option('--method <list>', 'direct, pubsub', several(methodOf), ['pubsub'])
    .option('--loss <list>', 'of the crossings, 0 to 1', several(lossOf), [0.3])
    .option('--latency <list>', 'of a crossing, as in 50-250,200-500', several(latencyRange), [[latencyMinMs, longest]])
    .option('--retries <list>', 'how often a message is sent again at most', several(retriesOf), [0, 1, 2, 5])
    .option('--timeout <list>', 'until a message is sent again, ms', several(timeoutOf), [300, 600, 1_000])
    .option('--window <list>', 'messages on their way at a time; 0 is any number', several(windowOf), [0])
    .option('--offered <number>', 'messages a second there are to be sent: measures throughput', numberFrom(0.001, 1e6))
    .addOption(jsonOption('each row'))
    .action(async (options: LabGridOptions) => (await import('../lab-grid.ts')).runLabGrid(options));

const samplesCommand = (): Command =>
  new Command('samples')
    .description('say how many messages an experiment needs')
    .option('--error <share>', 'to know a share to plus or minus this', numberFrom(0.0001, 0.5))
    .option('--share <share>', 'with --error: near which share', numberFrom(0.0001, 0.9999), 0.5)
    .option('--tell <shares>', 'to tell these two apart, as in 0.9,0.99', several(numberFrom(0, 1)))
    .addOption(jsonOption('it'))
    .action(async (options: LabSamplesOptions) => (await import('../lab-samples.ts')).runLabSamples(options));

export const labCommand = (): Command => {
  const lab = new Command('lab').description('delivery experiments: Direct against PubSub');
  for (const command of [runCommand(), gridCommand(), samplesCommand()]) lab.addCommand(command);
  return lab;
};
