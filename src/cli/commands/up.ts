/** `estafet up`: what it is called and which options it has. */
import { Command } from 'commander';
import {
  chaosOption,
  dataOption,
  hostOption,
  integer,
  jsonOption,
  port,
  snapshotOption,
  workspaceOption,
} from '../options.ts';
import type { UpOptions } from '../up.ts';

export const upCommand = (): Command =>
  new Command('up')
    .description('run a cluster on this machine: a server a process, watched and started again when one dies')
    .option('--servers <count>', 'how many servers', integer(1, 99), 3)
    .option('--port <port>', 'port of the first server; the next ones follow', port, 5000)
    .option('--front <port>', 'port of the front door, which any live server answers', port, 8080)
    .addOption(hostOption())
    .addOption(dataOption())
    .addOption(workspaceOption())
    .addOption(snapshotOption())
    .addOption(chaosOption())
    .option(
      '--unsafe-promote <name>',
      'make this server primary with the log it has, even if acknowledged messages are lost',
    )
    .addOption(jsonOption('the addresses, once all servers are ready,'))
    .action(async (options: UpOptions) => (await import('../up.ts')).up(options));
