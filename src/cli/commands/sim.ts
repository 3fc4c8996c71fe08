/** `estafet sim`: what it is called and which options it has. */
import { Command } from 'commander';
import { integer, jsonOption } from '../options.ts';
import type { SimOptions } from '../sim.ts';

export const simCommand = (): Command =>
  new Command('sim')
    .description('run the engine in virtual time under random faults, and hold every step against its rules')
    .option('--seeds <count>', 'how many runs', integer(1, 10_000_000), 600)
    .option('--seed <number>', 'the first run’s seed; the next ones follow', integer(0, Number.MAX_SAFE_INTEGER))
    .option('--mutants', 'plant faults into copies of the engine instead, and see whether each is found')
    .option('--replay <file>', 'run the scenario of this file instead, as a broken seed has printed it')
    .addOption(jsonOption('the result'))
    .action(async (options: SimOptions) => (await import('../sim.ts')).sim(options));
