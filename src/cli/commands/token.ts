/** `estafet token`: what it is called and which options it has. */
import { Command, Option } from 'commander';
import { dataOption, jsonOption } from '../options.ts';
import type { TokenOptions } from '../token.ts';

export const tokenCommand = (): Command =>
  new Command('token')
    .description('make a token with which a person or a program signs in; whoever may read the data folder may do this')
    .requiredOption('--name <name>', 'whose token it is; the person is made if there is none of this name')
    .addOption(
      new Option(
        '--role <role>',
        'what the person may do from now on; without it they keep their role, and who is new is a member',
      ).choices(['owner', 'admin', 'member', 'bot', 'guest']),
    )
    .addOption(dataOption())
    .addOption(jsonOption('the token and whose it is'))
    .action(async (options: TokenOptions) => (await import('../token.ts')).token(options));
