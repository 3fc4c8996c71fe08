/** `estafet serve`: what it is called and which options it has. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { chaosOption, dataOption, hostOption, port, snapshotOption, workspaceOption } from '../options.ts';
import type { ServeOptions } from '../serve.ts';

const serverName = (name: string): string => {
  if (!/^s[1-9]\d?$/.test(name)) throw new InvalidArgumentError('Servers are called s1, s2, s3 and so on.');
  return name;
};

export const serveCommand = (): Command =>
  new Command('serve')
    .description('run one server of a cluster; "estafet up" does this for each')
    .requiredOption('--name <name>', 'its name: s1, s2, s3, …', serverName)
    .option('--port <port>', 'its own port', port, 5000)
    .option('--front <port>', 'the port of the front door, which all servers share', port)
    .addOption(hostOption())
    .addOption(dataOption())
    .addOption(workspaceOption())
    .addOption(snapshotOption())
    .addOption(chaosOption())
    .addOption(new Option('--engine <engine>', 'what replicates the log').choices(['embedded']).default('embedded'))
    .option(
      '--unsafe-promote',
      'make it primary with the log it has, even if acknowledged messages are lost: a last resort',
    )
    .action(async (options: ServeOptions) => (await import('../serve.ts')).serve(options));
