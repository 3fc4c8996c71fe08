/** The door of the supervisor: running a cluster on this machine, and the files by which its processes find each other. */

export type { Cluster, ClusterEvent, ClusterOptions, ServerStatus } from './cluster.ts';
export {
  announceServer,
  type DataFolder,
  ensureMachineKey,
  openDataFolder,
  readMachineKey,
  runningServer,
  runningServers,
  runningSupervisor,
  type ServerFile,
  type SupervisorFile,
  withdrawServer,
} from './data-folder.ts';
export { type DiskTrouble, diskRefusal, diskTrouble } from './disk-trouble.ts';
export { lanAddress, portTrouble, urlOf } from './network.ts';
export { topologyFrom } from './probe.ts';
export { isRunning, type ProcessMark, signalProcess } from './process-identity.ts';
export { exitCodes, Refusal } from './refusal.ts';
export type { Death } from './server-process.ts';
export { stopCluster } from './stop-cluster.ts';
export { startCluster } from './supervisor.ts';
