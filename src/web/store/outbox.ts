/**
 * Messages on their way survive a reload: kept in the browser's storage, an entry a key, until they are answered. Two
 * tabs may both send an entry; it has one id, so it has one effect. Reads and the like are not worth keeping.
 */
import type { Outbox, OutboxEntry } from '../../client/index.ts';

const prefix = 'estafet.outbox.';
const worthKeeping = (entry: OutboxEntry): boolean => entry.kind.startsWith('message.');

const parsed = (text: string | null): OutboxEntry | null => {
  try {
    return text === null ? null : (JSON.parse(text) as OutboxEntry);
  } catch {
    return null;
  }
};

/** An outbox in `localStorage`. Ids sort by age, and so do the keys. */
export const browserOutbox = (storage: Storage): Outbox => ({
  add: (entry) => {
    if (worthKeeping(entry)) storage.setItem(prefix + entry.id, JSON.stringify(entry));
  },
  remove: (id) => storage.removeItem(prefix + id),
  all: () => {
    const keys = Object.keys(storage).filter((key) => key.startsWith(prefix));
    return keys.sort().flatMap((key) => parsed(storage.getItem(key)) ?? []);
  },
});
