/** The database behind what this device keeps (see `snapshot.ts`): a part a record, all written in one transaction. */
import { type IDBPDatabase, openDB } from 'idb';
import { readSetting } from '../app/settings.ts';
import type { Restored } from '../store/cache-restored.ts';
import { type Part, restoredFrom } from './snapshot.ts';

const store = 'parts';

export interface Cache {
  /** What is kept of the person who was here last. */
  load(): Promise<Restored | null>;
  /**
   * Writes what `parts` gives, and drops what it does not keep. `parts` is asked inside the transaction: `whole` when
   * another page wrote since this one did.
   */
  write(
    writer: string,
    parts: (whole: boolean) => { readonly put: readonly Part[]; readonly keep: ReadonlySet<string> },
  ): Promise<void>;
  clear(): Promise<void>;
}

const over = (database: IDBPDatabase): Cache => ({
  load: async () => restoredFrom(await database.getAll(store), readSetting('person')),
  write: async (writer, parts) => {
    const transaction = database.transaction(store, 'readwrite', { durability: 'relaxed' });
    const head = (await transaction.store.get('head')) as Part | undefined;
    const { put, keep } = parts(head?.writer !== writer);
    for (const part of put) void transaction.store.put(part);
    for (const key of await transaction.store.getAllKeys()) {
      if (!keep.has(String(key))) void transaction.store.delete(key);
    }
    await transaction.done;
  },
  clear: () => database.clear(store),
});

/** Opens what this device keeps. Rejects where the browser keeps nothing. */
export const openCache = async (): Promise<Cache> =>
  over(
    await openDB('estafet.cache', 1, {
      upgrade: (database) => void database.createObjectStore(store, { keyPath: 'key' }),
      blocking: (_now, _wanted, event) => (event.target as IDBDatabase).close(),
    }),
  );
