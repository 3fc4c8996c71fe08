/** The numbers that a replica works with: the limits, and what of them depends on what is in its log now. */
import { limits } from '../../protocol/index.ts';
import type { LogDisk } from './log-disk.ts';
import type { ReplicaConfig } from './replica/core.ts';
import type { Snapshotter } from './snapshotter.ts';

/** @param options what whoever runs the server has said */
export const hostConfig = (
  options: Pick<ReplicaConfig, 'minInSync' | 'unsafePromote'>,
  disk: LogDisk,
  snapshotter: Snapshotter,
): ReplicaConfig => ({
  ...limits,
  ...options,
  get logKeepEntries() {
    return snapshotter.logKeepEntries;
  },
  get trimSliceEntries() {
    return disk.oldestWithin(limits.trimSliceEntries, limits.trimSliceMaxBytes);
  },
});
