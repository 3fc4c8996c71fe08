/** `estafet down`: what it is called and which options it has. */
import { Command } from 'commander';
import { dataOption } from '../options.ts';

export const downCommand = (): Command =>
  new Command('down')
    .description('stop the cluster of a data folder, its servers and their supervisor')
    .addOption(dataOption())
    .action(async ({ data }: { readonly data: string }) => {
      const { stopCluster } = await import('../../cluster/supervisor/index.ts');
      const stopped = await stopCluster(data);
      process.stdout.write(stopped.length === 0 ? `Nothing ran on ${data}.\n` : `Stopped ${stopped.join(', ')}.\n`);
    });
