/** What can be broken on purpose in this engine: links in the mesh, and how fast the log's disk is. */
import { limits } from '../../protocol/index.ts';
import type { FaultInjection, Faults } from '../log.ts';
import type { Mesh } from './mesh.ts';
import type { SlowDisk } from './slow-disk.ts';

const checked = (ms: number): number => {
  if (!(ms >= 0 && ms <= limits.faultDelayMaxMs))
    throw new RangeError(`${ms} ms is not 0 to ${limits.faultDelayMaxMs}`);
  return ms;
};

/** The faults of one replica. */
export const injectionInto = (mesh: Mesh, slowDisk: SlowDisk): FaultInjection => ({
  get faults(): Faults {
    return { cutFrom: mesh.cutFrom, slowLinkMs: mesh.delayMs, slowDiskMs: slowDisk.ms };
  },
  cutLink: (peer) => mesh.cutFromPeer(peer),
  healLink: (peer) => mesh.heal(peer),
  slowLinks: (ms) => {
    mesh.delayMs = checked(ms);
  },
  slowDisk: (ms) => {
    slowDisk.ms = checked(ms);
  },
});
