/** The door of search: what the servers' thread for it needs. Light: no library is behind it. */

export { isDamaged } from '../damage.ts';
export { Forgotten, type Indexer, openIndexer } from './indexer.ts';
export { type DayStart, parseQuery, type SearchQuery } from './query.ts';
export { rangesIn } from './ranges.ts';
export { openSearcher, type Searcher, type SearchFound, type SearchRequest, type SearchRun } from './searcher.ts';
export { type EventsKept, openSource, type Source } from './source.ts';
export { openSearchDb, type Provenance, removeSearchDb } from './tables.ts';
