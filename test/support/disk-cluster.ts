/** A whole cluster, supervisor and all, in a box with small disks; and what a person sees of it. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DiskBox, startBox } from './disk-box.ts';
import { type DiskServer, freePorts, host, temporaryFolder, unrest } from './disk-servers.ts';
import { checkout } from './estafet.ts';
import { eventually } from './eventually.ts';

export interface BoxedCluster extends AsyncDisposable {
  readonly box: DiskBox;
  /** The data folder, as the box names it. */
  readonly data: string;
  readonly servers: readonly DiskServer[];
  /** What `estafet up` has printed. */
  out(): string;
  /** Kills a server, if it runs. */
  kill(name: string): void;
  /** Waits until all servers are in sync and at one place. */
  whole(): Promise<void>;
}

const readyMs = 90_000;

/** Starts `estafet up` with two servers, and small disks mounted at these folders of the data (`''` is the data's own). */
export const startBoxedCluster = async (
  disks: readonly { readonly folder: string; readonly sizeKb: number }[],
): Promise<BoxedCluster> => {
  const { folder, remove } = temporaryFolder();
  const data = join(folder, 'data');
  mkdirSync(data);
  const port = await freePorts(3);
  const shape = ['--servers', 2, '--port', port, '--front', port + 2, '--host', host, '--data', data].map(String);
  const box = await startBox(
    checkout,
    ['up', ...shape],
    disks.map((disk) => ({ ...disk, folder: join(data, disk.folder) })),
  );
  const dispose = async (): Promise<void> => {
    await box[Symbol.asyncDispose]();
    remove();
  };
  const servers = ['s1', 's2'].map((name, at) => ({
    name,
    url: `http://${host}:${port + at}`,
    running: box.running,
    ending: () => null,
  }));
  const cluster: BoxedCluster = {
    box,
    data,
    servers,
    out: () => box.running.out(),
    kill: (name) => {
      const file = box.path(join(data, name, 'server.json'));
      if (existsSync(file)) box.kill((JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid);
    },
    whole: async () => {
      let why: string | null = null;
      const isWhole = async (): Promise<boolean> => {
        why = await unrest(servers);
        return why === null;
      };
      await eventually('all are whole', isWhole, { deadlineMs: readyMs }).catch((cause: unknown) => {
        throw new Error(`Not whole: ${why}. ${box.running.out()}`, { cause });
      });
    },
    [Symbol.asyncDispose]: dispose,
  };
  try {
    await eventually('estafet up is ready', () => box.running.out().includes('Estafet is ready'), {
      deadlineMs: readyMs,
    });
    await cluster.whole();
  } catch (error) {
    await dispose();
    throw new Error(`${error instanceof Error ? error.message : error} ${box.running.out()} ${box.running.err()}`, {
      cause: error,
    });
  }
  return cluster;
};
