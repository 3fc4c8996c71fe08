/**
 * Where commands wait until they are answered. The client keeps them in memory too; an outbox that lasts (IndexedDB,
 * SQLite) lets them survive the end of the program. The client calls it one operation after the other.
 */
import type { ClientCommandKind } from '../protocol/index.ts';

/** A command as the outbox keeps it. `by` is the person it was made by, or null when nobody had signed in yet. */
export interface OutboxEntry {
  readonly id: string;
  readonly kind: ClientCommandKind;
  readonly body: unknown;
  readonly by: string | null;
}

/** Keeps entries in the order they were added. */
export interface Outbox {
  add(entry: OutboxEntry): void | Promise<void>;
  /** Does nothing when there is no such entry. */
  remove(id: string): void | Promise<void>;
  /** All entries, in the order they were added. */
  all(): readonly OutboxEntry[] | Promise<readonly OutboxEntry[]>;
  /** Whether what it keeps outlives the program; known once `all` has answered. */
  readonly lasting?: boolean;
  /** Hands over entries that another program left behind, whenever there are any. The entries are this one's from then on. */
  watch?(found: (entries: readonly OutboxEntry[]) => void): () => void;
  /** The client is closed; what is in the outbox stays there. */
  close?(): void;
}

/** An outbox that lasts as long as the program. */
export const memoryOutbox = (): Outbox => {
  const entries = new Map<string, OutboxEntry>();
  return {
    add: (entry) => void entries.set(entry.id, entry),
    remove: (id) => void entries.delete(id),
    all: () => [...entries.values()],
  };
};
