/** `estafet audit`: what it is called and which options it has. */
import { Command, Option } from 'commander';
import type { AuditCommandOptions } from '../audit.ts';
import { dataOption, integer } from '../options.ts';

export const auditCommand = (): Command =>
  new Command('audit')
    .description('follow the running servers as a client would, and tell whether they keep what they promise')
    .addOption(dataOption())
    .option('--url <address>', 'any server, or the front door, instead of the servers of a data folder')
    .addOption(new Option('--token <token>', 'whose messages to post, with --url').env('ESTAFET_TOKEN'))
    .option('--rate <number>', 'messages a second', integer(1, 100), 5)
    .option('--seconds <number>', 'how long; until Ctrl-C without it', integer(1, 31_536_000))
    .option('--json', 'print one line of JSON now and then, the last one being the result, and nothing else')
    .addHelpText('after', '\nExit code 0: everything holds. 1: a promise was broken. 69: no server could be reached.')
    .action(async (options: AuditCommandOptions) => (await import('../audit.ts')).audit(options));
