/**
 * The two databases of the search thread: the chat, which is only read, and the index made from it. Opens them, and makes
 * the index again when it is damaged or the chat has forgotten what came after it.
 */
import { join } from 'node:path';
import {
  type EventsKept,
  Forgotten,
  type Indexer,
  isDamaged,
  openIndexer,
  openSearchDb,
  openSearcher,
  openSource,
  removeSearchDb,
  type Searcher,
} from '../../chat/search/index.ts';
import { limits } from '../../protocol/index.ts';
import type { ThreadData } from './messages.ts';

/** Where a server's search database is. */
export const searchPathIn = (dataDir: string): string => join(dataDir, 'search.db');

/** A pair of databases that fit each other. */
export interface Open {
  readonly indexer: Indexer;
  readonly searcher: Searcher;
  close(): void;
}

const kept: EventsKept = {
  eventsKeptPositions: limits.eventsKeptPositions,
  stepPositions: limits.expiryStepPositions,
};

/** Opens both. Throws when one cannot be opened now. */
export const openDatabases = ({ chatPath, searchPath, provenance }: ThreadData): Open => {
  const source = openSource(chatPath, kept);
  try {
    const db = openSearchDb(searchPath, provenance, source.position());
    const close = (): void => {
      db.close();
      source.close();
    };
    try {
      return { indexer: openIndexer(db, source), searcher: openSearcher(db, source), close };
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    source.close();
    if (needsRemaking(error)) removeSearchDb(searchPath);
    throw error;
  }
};

/** Whether an error is mended by making the index again. */
export const needsRemaking = (error: unknown): boolean => error instanceof Forgotten || isDamaged(error);
