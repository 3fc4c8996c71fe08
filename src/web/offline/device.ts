/**
 * What this device remembers: opened before the page connects, so that the rooms are there at once and the stream goes on
 * where it was. A browser that keeps nothing, or takes too long, is done without: then the page begins empty, as the first
 * time.
 */
import { indexedDbOutbox, limits, type Outbox } from '../../client/index.ts';
import type { Restored } from '../store/cache-restored.ts';
import type { ChatStore } from '../store/chat-store.ts';
import { openCache } from './cache.ts';
import { listenForInstallOffer } from './device-cells.ts';
import { keep } from './keeper.ts';

export interface Device {
  /** Where what waits to be sent outlives the page. */
  readonly outbox: Outbox;
  readonly restored: Restored | null;
  /** From now on what the store knows is kept. */
  readonly keep: (store: ChatStore) => void;
}

type Remembered = Omit<Device, 'outbox'>;

const nothing: Remembered = { restored: null, keep: () => {} };

const open = async (): Promise<Remembered> => {
  const cache = await openCache();
  const restored = await cache.load().catch(() => null);
  return { restored, keep: (store) => keep(store, cache) };
};

export const openDevice = async (): Promise<Device> => {
  listenForInstallOffer();
  const late = new Promise<Remembered>((resolve) => setTimeout(() => resolve(nothing), limits.clientStorageDeadlineMs));
  return { ...(await Promise.race([open().catch(() => nothing), late])), outbox: indexedDbOutbox() };
};
