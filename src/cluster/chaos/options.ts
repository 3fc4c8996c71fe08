/** What a chaos run is told. */

export interface ChaosOptions {
  /** Program and arguments that run `estafet up` in the foreground; the options that chaos needs are added. */
  readonly up: readonly [string, ...string[]];
  /** SIGKILLs of the primary. */
  readonly kills: number;
  /** SIGSTOPs of the primary. */
  readonly pauses: number;
  /** SIGKILLs of a backup. */
  readonly backups: number;
  /** Double kills: the primary, and the backup that follows it or another one. */
  readonly doubles: number;
  /** Rolling restarts: each server in turn is told to stop, and starts again. */
  readonly rolling: number;
  /** SIGKILLs of all servers at the same time. */
  readonly blackouts: number;
  /** Storms: whichever server runs is killed, several times in a row, without waiting for anybody to be back. */
  readonly storms: number;
  /** Freezes: the backups hang, then the primary is killed. */
  readonly freezes: number;
  /** Wipes: the primary is killed and its disk is lost. */
  readonly wipes: number;
  readonly servers: number;
  /** Clients with the SDK. As many clients without it as there are servers come on top. */
  readonly clients: number;
  /** Commands a second that all of them together try to send. */
  readonly rate: number;
  /** Everything that is left to chance follows from it, except for what the machine itself does. */
  readonly seed: number;
  /** A data folder to use and leave behind; null for a temporary one that is removed. */
  readonly data: string | null;
  /** The first of the ports that the servers get. Null for free ones. */
  readonly port: number | null;
}

/** Bounds of the runner's own waits, in ms. What takes longer is a failure of the run, and is said. */
export const chaosLimits = {
  /** From `estafet up` to all servers in sync. */
  startMaxMs: 30_000,
  /** From a fault to the first write acknowledged after it. */
  takeoverMaxMs: 20_000,
  /** From a fault to all servers being in sync again; the supervisor may hold a restart back for 10 s. */
  recoverMaxMs: 45_000,
  /** From the end of the load to the last answer. */
  drainMaxMs: 30_000,
  /** From the last answer to all servers and clients having everything. */
  settleMaxMs: 30_000,
  /** One HTTP request. */
  requestMaxMs: 10_000,
  /** An HTTP client tries one command for this long before it calls it unknown. */
  commandMaxMs: 60_000,
  /** From SIGTERM to the end of a server; its own bound is less than half of it. */
  stopMaxMs: 15_000,
} as const;
