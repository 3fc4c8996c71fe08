/** What a replica's shell is given by whoever runs it, and what it tells them. */
import type { EngineFault, Index, Trace } from '../log.ts';
import type { Base } from './replica/entry.ts';
import type { SnapshotFormat } from './snapshotter.ts';

/** What an engine needs to know. */
export interface EmbeddedOptions {
  /** This server's name: its folder under `data`, and its place among the others. */
  readonly name: string;
  /** The cluster's data folder, on a file system of this machine. */
  readonly data: string;
  /** Members that the in-sync set needs for anything to be committed. 1 unless said otherwise. */
  readonly minInSync?: number;
  /** Promote this server with the log it has, whatever the manifest says: an operator's last resort. */
  readonly unsafePromote?: boolean;
  /** How what is derived from this log is written down. Without it the log keeps its whole history. */
  readonly snapshots?: SnapshotFormat;
  /** Entries after which a snapshot is made; `limits.snapshotEveryEntries` unless said otherwise. */
  readonly snapshotEvery?: number;
  readonly logger?: { warn(message: string): void; info(message: string): void };
}

/** What a host tells whoever runs it. */
export interface HostEvents {
  /** Everything up to `upto` is committed and can be read from the window. */
  committed(upto: Index): void;
  /** The log begins behind `base` now, with a snapshot that is in `snapshotter.store`. */
  installed(base: Base): void;
  /** These commands will not be waited for any longer. */
  gaveUp(ids: readonly string[], code: 'unknown' | 'unavailable' | 'overloaded'): void;
  steppedDown(to: string | null): void;
  /** Role, epoch, in-sync set or links have changed. */
  changed(): void;
  trace(trace: Trace): void;
  cast(from: string, topic: string, body: Uint8Array): void;
  status(from: string, status: unknown): void;
  /** The replica has stopped by itself. */
  halted(fault: EngineFault): void;
}
