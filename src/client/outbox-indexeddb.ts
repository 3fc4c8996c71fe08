/**
 * An outbox that outlives the page: commands in IndexedDB, in the order they were added, each belonging to the page that
 * made it. A page sends its own; those of a page that is gone are claimed, whole and in order, by one that is alive.
 *
 * Every page that sends commands of another sends them in the order they were made, so even two pages that send the same
 * ones (one of them woke up again) keep that order, and each id has one effect. When the browser keeps nothing, `all` and
 * `add` reject with a code that says so, and the client goes on with what it has in memory.
 */
import { newCommandId } from '../protocol/index.ts';
import { type Database, inTransaction, openDatabase, resultOf } from './indexeddb.ts';
import type { Outbox, OutboxEntry } from './outbox.ts';
import { openTab, type Tab } from './outbox-tabs.ts';

/** An entry as it is stored: with its place in the order, and the page that sends it. */
export interface StoredEntry extends OutboxEntry {
  readonly seq: number;
  readonly owner: string;
}

const store = 'entries';

const isEntry = (value: unknown): value is StoredEntry =>
  typeof value === 'object' && value !== null && 'id' in value && 'owner' in value && 'kind' in value;

const bare = ({ id, kind, body, by }: StoredEntry): OutboxEntry => ({ id, kind, body, by });

/** Pages other than `me` that entries belong to. */
export const ownersBeside = (entries: readonly StoredEntry[], me: string): ReadonlySet<string> =>
  new Set(entries.map(({ owner }) => owner).filter((owner) => owner !== me));

/** The entries that nobody sends: in the order they were added, whoever made them. */
export const leftBehind = (
  entries: readonly StoredEntry[],
  alive: ReadonlySet<string>,
  me: string,
): readonly StoredEntry[] =>
  entries.filter(({ owner }) => owner !== me && !alive.has(owner)).sort((a, b) => a.seq - b.seq);

/** A mark is not worth waiting for the disk; what somebody wrote is. */
const durabilityOf = (entry: OutboxEntry) => (entry.kind === 'read.mark' ? 'relaxed' : 'strict');

/** An outbox in the browser's IndexedDB. `name` sets it apart from others of the same origin. */
export const indexedDbOutbox = ({ name = 'estafet.outbox' }: { readonly name?: string } = {}): Outbox => {
  const me = newCommandId();
  let opening: Promise<Database> | null = null;
  let tab: Tab | null = null;
  let lasting = false;
  let closed = false;
  let found: ((entries: readonly OutboxEntry[]) => void) | null = null;
  let looking: Promise<readonly OutboxEntry[]> | null = null;

  /** The database, opened again when the browser has closed it. */
  const database = (): Promise<Database> => {
    opening ??= openDatabase(name, (made) => {
      made.createObjectStore(store, { keyPath: 'seq', autoIncrement: true }).createIndex('id', 'id', { unique: true });
    }).then(
      (opened) => {
        opened.onclose = () => {
          opening = null;
        };
        return opened;
      },
      (error: unknown) => {
        opening = null;
        throw error;
      },
    );
    return opening;
  };

  const stored = async (): Promise<readonly StoredEntry[]> =>
    inTransaction(await database(), store, 'readonly', async (entries) =>
      (await resultOf(entries.getAll())).filter(isEntry),
    );

  /** Makes the entries of pages that are gone this page's, in one transaction, so that no two pages claim the same. */
  const claim = async (): Promise<readonly OutboxEntry[]> => {
    const others = ownersBeside(await stored(), me);
    if (others.size === 0 || tab === null) return [];
    const alive = await tab.alive(others);
    return inTransaction(await database(), store, 'relaxed', async (entries) => {
      // A page that came to life meanwhile is not known to be alive, and not among those asked about either.
      const all = (await resultOf(entries.getAll())).filter(isEntry).filter(({ owner }) => others.has(owner));
      const claimed = leftBehind(all, alive, me);
      await Promise.all(claimed.map((entry) => resultOf(entries.put({ ...entry, owner: me }))));
      return claimed.map(bare);
    });
  };

  const look = (): Promise<readonly OutboxEntry[]> => {
    looking ??= claim().finally(() => {
      looking = null;
    });
    return looking;
  };

  const someoneLeft = (): void => {
    if (found === null) return;
    const tell = found;
    // The database may be gone by now; what is in it is then found by the next page.
    look().then(
      (entries) => entries.length > 0 && tell(entries),
      () => {},
    );
  };

  return {
    get lasting() {
      return lasting;
    },
    all: async () => {
      const opened = await database();
      if (closed) {
        opened.close();
        return [];
      }
      lasting = true;
      tab ??= openTab(name, me, someoneLeft);
      return look();
    },
    add: async (entry) => {
      const opened = await database();
      await inTransaction(opened, store, durabilityOf(entry), async (entries) => {
        if ((await resultOf(entries.index('id').getKey(entry.id))) !== undefined) return;
        await resultOf(entries.add({ ...entry, owner: me }));
      });
    },
    remove: async (id) => {
      const opened = await database();
      await inTransaction(opened, store, 'relaxed', async (entries) => {
        const seq = await resultOf(entries.index('id').getKey(id));
        if (seq !== undefined) await resultOf(entries.delete(seq));
      });
    },
    watch: (handler) => {
      found = handler;
      return () => {
        found = null;
      };
    },
    close: () => {
      closed = true;
      found = null;
      tab?.close();
      tab = null;
      opening?.then(
        (opened) => opened.close(),
        () => {},
      );
      opening = null;
    },
  };
};
