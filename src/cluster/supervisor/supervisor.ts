/**
 * Runs a cluster on this machine: one process a server. It starts them, starts again what dies, adopts what an earlier
 * supervisor left running, and stops all in order. It is no part of what the cluster promises: when it is killed the
 * servers go on serving, and the next supervisor takes them over.
 */
import type { Cluster, ClusterOptions } from './cluster.ts';
import { announceDoor, claimSupervision, ensureMachineKey, openDataFolder, releaseSupervision } from './data-folder.ts';
import { openDoor } from './door.ts';
import { startFrontForwarder } from './front-forwarder.ts';
import { urlOf } from './network.ts';
import { Orders } from './orders.ts';
import { checkShape, planCluster } from './plan.ts';
import { Supervision } from './supervision.ts';

/**
 * Checks that nothing is in the way and starts the cluster.
 * @throws Refusal when something is; nothing was started then
 */
export const startCluster = async (options: ClusterOptions): Promise<Cluster> => {
  checkShape(options);
  openDataFolder(options.data, options.version);
  claimSupervision(options.data);
  try {
    const key = ensureMachineKey(options.data);
    return await supervise(new Supervision(options, await planCluster(options)), options, key);
  } catch (error) {
    releaseSupervision(options.data);
    throw error;
  }
};

const supervise = async (supervision: Supervision, options: ClusterOptions, key: string): Promise<Cluster> => {
  const { host, front, data } = options;
  const targets = (): number[] => supervision.targets();
  const forwarder = options.forwarder ? await startFrontForwarder({ host, port: front, targets }) : null;

  const audit = options.audit?.(() => supervision.serving().map(({ url }) => url)) ?? null;
  const orders = new Orders(supervision, options, () => audit?.view ?? null);
  const door = await openDoor({ key, orders, onWatched: () => audit?.watched() });
  announceDoor(data, door.port);

  const stopAll = async (): Promise<void> => {
    await Promise.all([audit?.stop(), supervision.stop()]);
    await Promise.all([forwarder?.close(), door.close()]);
    releaseSupervision(data);
  };
  let stopped: Promise<void> | null = null;
  const stop = (): Promise<void> => (stopped ??= stopAll());

  const ready = supervision.start().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  ready.then(
    () => supervision.watch(),
    () => undefined,
  );
  return {
    front: urlOf(host, front),
    ready,
    status: () => supervision.status(),
    stop,
    kill: () => {
      supervision.kill();
      releaseSupervision(data);
    },
  };
};
