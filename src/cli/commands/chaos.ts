/** `estafet chaos`: what it is called and which options it has. */
import { Command, Option } from 'commander';
import type { ChaosCommandOptions } from '../chaos.ts';
import { integer, jsonOption, port } from '../options.ts';

export const chaosCommand = (): Command =>
  new Command('chaos')
    .description('kill and pause the servers of a cluster of its own under load, and check that nothing was lost')
    .option('--kills <count>', 'how often the primary is killed', integer(0, 10_000), 20)
    .option('--pauses <count>', 'how often the primary is made to hang', integer(0, 1_000), 3)
    .option('--backups <count>', 'how often a backup is killed', integer(0, 10_000), 3)
    .option('--doubles <count>', 'how often the primary and who follows it are killed', integer(0, 10_000), 0)
    .option(
      '--rolling <count>',
      'how often all servers are restarted in order, one after the other',
      integer(0, 1_000),
      0,
    )
    .option('--blackouts <count>', 'how often all servers are killed at once', integer(0, 1_000), 0)
    .option('--storms <count>', 'how often servers are killed in quick succession', integer(0, 1_000), 0)
    .option('--freezes <count>', 'how often the backups hang and then the primary is killed', integer(0, 1_000), 0)
    .option('--wipes <count>', 'how often the primary is killed and its disk removed', integer(0, 1_000), 0)
    .option('--servers <count>', 'how many servers', integer(2, 9), 3)
    .option('--clients <count>', 'how many clients with the SDK', integer(1, 1_000), 12)
    .option('--rate <count>', 'commands a second that all clients together send', integer(1, 100_000), 300)
    .option('--seed <number>', 'repeats a choice of faults', integer(0, 2 ** 32 - 1))
    .option('--port <port>', 'port of the first server; the next ones follow', port)
    .addOption(new Option('--data <folder>', 'use this data folder and leave it behind, instead of a temporary one'))
    .addOption(jsonOption('the result'))
    .action(async (options: ChaosCommandOptions) => (await import('../chaos.ts')).chaos(options));
