/** Asks the servers what a query finds, and keeps what they answered while the query stays the same. */
import { useEffect, useRef, useState } from 'react';
import { EstafetError } from '../../client/index.ts';
import type { SearchHit, SearchPage } from '../../protocol/index.ts';
import { useStore } from '../store/hooks.ts';
import { useLatest } from '../ui/use-latest.ts';

/** Whoever types is not done yet: a search goes out after this rest. */
const restMs = 250;
const pageSize = 20;

interface Found {
  readonly query: string;
  readonly hits: readonly SearchHit[];
  /** The `before` of the next page, or null. */
  readonly next: number | null;
  readonly state: 'idle' | 'asking' | 'found' | 'failed';
  readonly code: EstafetError['code'] | null;
}

const nothing: Found = { query: '', hits: [], next: null, state: 'idle', code: null };

/** What a query finds, page by page. Answers to what is no longer asked change nothing. */
export const useSearch = (query: string) => {
  const store = useStore();
  const [found, setFound] = useState(nothing);
  const latest = useRef(query);
  latest.current = query;

  const ask = useLatest(async (wanted: string, before: number | null): Promise<void> => {
    setFound((known) => ({ ...known, state: 'asking', code: null }));
    const search = new URLSearchParams({ q: wanted, limit: String(pageSize) });
    if (before !== null) search.set('before', String(before));
    try {
      const page = (await store.request('GET', `/api/v1/search?${search}`)) as SearchPage;
      if (latest.current !== wanted) return;
      setFound((known) => ({
        query: wanted,
        hits: before === null ? page.hits : [...known.hits, ...page.hits],
        next: page.next,
        state: 'found',
        code: null,
      }));
    } catch (error) {
      if (latest.current !== wanted) return;
      const code = error instanceof EstafetError ? error.code : 'internal';
      // A query that is not understood has no hits; where the way was blocked, those there are stay.
      const kept = code === 'bad-query' ? { hits: [], next: null } : {};
      setFound((known) => ({ ...known, ...kept, query: wanted, state: 'failed', code }));
    }
  });

  useEffect(() => {
    if (query === '') {
      setFound(nothing);
      return;
    }
    const timer = setTimeout(() => void ask(query, null), restMs);
    return () => clearTimeout(timer);
  }, [query, ask]);

  return {
    hits: found.hits,
    state: query === '' ? 'idle' : found.state,
    code: query === '' ? null : found.code,
    more: found.next !== null && found.query === query,
    loadMore: () => void ask(query, found.next),
    again: () => void ask(query, null),
  };
};
