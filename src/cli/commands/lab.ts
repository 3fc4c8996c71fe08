/** `estafet lab`: what it is called and which options it has. */
import { Command, InvalidArgumentError } from 'commander';
import { linkExperiments, settingBounds } from '../../lab/index.ts';
import type { LabRunOptions } from '../lab.ts';
import { integer, jsonOption } from '../options.ts';

const numberFrom =
  (min: number, max: number) =>
  (text: string): number => {
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) throw new InvalidArgumentError(`It is a number from ${min} to ${max}.`);
    return value;
  };

const { loss, latencyMaxMs, maxRetries, ackTimeoutMs, window } = settingBounds;

/** Reads `50-250`, or `100` for links that always take as long. */
const latencyRange = (text: string): readonly [number, number] => {
  const [low, high = low, ...more] = text.split('-').map(numberFrom(0, latencyMaxMs.max));
  if (more.length > 0 || low === undefined || high === undefined || low > high) {
    throw new InvalidArgumentError('It is the shortest and the longest crossing in milliseconds, as in 50-250.');
  }
  return [low, high];
};

export const labCommand = (): Command => {
  const run = new Command('run')
    .description('run a delivery experiment on virtual time, and hold it against theory')
    .argument(
      '<experiment>',
      `which: ${linkExperiments.join(', ')}`,
      integer(linkExperiments[0], linkExperiments.length),
    )
    .option('--messages <count>', 'messages of each method and setting', integer(1, 1_000_000), 1_000)
    .option(
      '--seed <number>',
      'of the losses and latencies; the same one meets the same',
      integer(0, Number.MAX_SAFE_INTEGER),
      1,
    )
    .option('--loss <share>', 'of the crossings, 0 to 1', numberFrom(loss.min, loss.max))
    .option('--latency <min-max>', 'of a crossing, in milliseconds', latencyRange)
    .option('--retries <count>', 'how often a message is sent again at most', integer(maxRetries.min, maxRetries.max))
    .option('--timeout <ms>', 'until a message is sent again', numberFrom(ackTimeoutMs.min, ackTimeoutMs.max))
    .option('--window <count>', 'messages on their way at a time; 0 is any number', integer(window.min, window.max))
    .addOption(jsonOption('each method and setting'))
    .action(async (experiment: number, options: LabRunOptions) =>
      (await import('../lab.ts')).runLab(experiment, options),
    );
  return new Command('lab').description('delivery experiments: Direct against PubSub').addCommand(run);
};
