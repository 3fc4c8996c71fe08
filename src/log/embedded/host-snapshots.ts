/**
 * A replica's snapshots as its shell uses them: makes what makes and brings them, and gives the answer when a replica
 * has asked for a sibling's. Which one is wanted is the replica's to decide, and only the last one asked for is.
 */
import { limits } from '../../protocol/index.ts';
import type { Index } from '../log.ts';
import type { EmbeddedOptions } from './host-options.ts';
import type { Input } from './replica/effects.ts';
import type { Base } from './replica/entry.ts';
import { Snapshotter } from './snapshotter.ts';

interface LogSide {
  /** The place of an entry of this replica's log. */
  placeAt(index: Index): Base | null;
  /** A snapshot of everything up to this place is durable here. */
  made(snapshot: Base): void;
}

export class HostSnapshots {
  readonly snapshotter: Snapshotter;
  readonly #options: EmbeddedOptions;
  /** The snapshot that was asked for last. */
  #wanted: Base | null = null;

  constructor(options: EmbeddedOptions, { placeAt, made }: LogSide) {
    const { data, name, snapshots = null, snapshotEvery: everyEntries = limits.snapshotEveryEntries, logger } = options;
    this.#options = options;
    const policy = { everyEntries, everyBytes: limits.snapshotEveryBytes };
    const warn = (message: string): void => logger?.warn(message);
    this.snapshotter = new Snapshotter({ data, name, format: snapshots, policy, placeAt, made, warn });
  }

  /** Brings the sibling's snapshot of `place` here. Resolves with the answer to `fetch-snapshot`. */
  async fetch(from: string, place: Base): Promise<Extract<Input, { type: 'fetched' | 'not-fetched' }>> {
    this.#wanted = place;
    const placeAt = (index: Index): Base | null => (index === place.index ? place : null);
    const result = await this.snapshotter.copyFrom(from, placeAt, () => this.#wanted === place);
    if (typeof result !== 'string') return { type: 'fetched', asked: place, found: result };
    if (this.#wanted === place) this.#options.logger?.warn(`the snapshot of ${from} was not copied: ${result}`);
    return { type: 'not-fetched', asked: place, reason: result };
  }
}
