/**
 * Finds messages, the newest first, a window of the log at a time, so that no search holds the others up and each ends
 * after a bounded time, whatever was looked for and however much there is. Time comes in as an argument.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { limits } from '../../protocol/index.ts';
import { type Beginnings, type Match, matchOf } from './match.ts';
import type { SearchQuery } from './query.ts';
import { hasBeginning } from './ranges.ts';
import { type Asker, openResolve } from './resolve.ts';
import type { Source } from './source.ts';

/** What to look for, and for whom. */
export interface SearchRequest {
  readonly query: SearchQuery;
  readonly userId: string;
  /** Only messages before this index. */
  readonly before: number | null;
  readonly limit: number;
}

/** Ids of messages, the newest first. `next` is the `before` of what follows, or null when that was all. */
export interface SearchFound {
  readonly ids: readonly string[];
  readonly next: number | null;
}

/** A search under way. `step` looks for a while; null means that it has not come to its end. */
export interface SearchRun {
  step(nowMs: () => number): SearchFound | null;
}

/**
 * Positions that are looked at in one go: at first, at least, and how that changes with the time it takes. Each look
 * begins by going back along the lists to where it starts, so many small ones would cost more than they spare.
 */
const window = { first: 131_072, min: 32_768, max: 2 ** 40, fastMs: 8, slowMs: 40, grow: 8, shrink: 2 } as const;
/** After so many rows that the person may not see, their rooms become part of what is looked for. */
const hiddenRowsMax = 200;
/** Rows between two looks at the clock. */
const rowsPerLook = 64;

export type Searcher = (request: SearchRequest) => SearchRun;

interface Statements {
  readonly rows: StatementSync;
  readonly place: StatementSync;
}

export const openSearcher = (db: DatabaseSync, source: Source): Searcher => {
  const resolve = openResolve(source.db);
  const newest = db.prepare('SELECT max(idx) AS idx FROM docs');
  const atOrAfter = db.prepare('SELECT idx, at FROM docs WHERE idx >= ? ORDER BY idx LIMIT 1');
  const term = db.prepare('SELECT term FROM terms WHERE term >= ? AND term < ? LIMIT 1');
  const statements: Statements = {
    rows: db.prepare(
      'SELECT rowid AS idx FROM found WHERE found MATCH ? AND rowid >= ? AND rowid < ? ORDER BY rowid DESC',
    ),
    place: db.prepare('SELECT room FROM docs WHERE idx = ?'),
  };

  /** Each step is a seek; reading on would go through every place where the word is. */
  const beginnings: Beginnings = (beginning) => {
    const found: string[] = [];
    const end = `${beginning}\u{10ffff}`;
    for (let from = beginning; found.length <= limits.searchBeginningsMax; from = `${found.at(-1)}\0`) {
      const row = term.get(from, end);
      if (!row) return found;
      found.push(String(row.term));
    }
    return null;
  };

  /** The first index that has a time of at least `ms`: times never go back along the log. */
  const indexAt = (ms: number): number => {
    let [low, high] = [0, Number(newest.get()?.idx ?? 0) + 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const row = atOrAfter.get(middle);
      if (!row || Number(row.at) >= ms) high = middle;
      else low = Number(row.idx) + 1;
    }
    return low;
  };

  return ({ query, userId, before, limit }) => {
    const asker = resolve(query, userId);
    const match = matchOf(query, asker, beginnings);
    const end = Number(newest.get()?.idx ?? 0) + 1;
    const until = query.untilMs === null ? end : indexAt(query.untilMs);
    const floor = query.fromMs === null ? 0 : indexAt(query.fromMs);
    const top = Math.min(end, until, before ?? end);
    return new Run(statements, source, asker, match, floor, top, limit);
  };
};

class Run implements SearchRun {
  readonly #statements: Statements;
  readonly #source: Source;
  readonly #asker: Asker;
  readonly #match: Match | null;
  readonly #floor: number;
  readonly #limit: number;
  readonly #found: { readonly id: string; readonly index: number }[] = [];
  /** Everything from here on has been looked at. */
  #top: number;
  #size: number = window.first;
  #spentMs = 0;
  #hiddenRows = 0;

  constructor(
    statements: Statements,
    source: Source,
    asker: Asker,
    match: Match | null,
    floor: number,
    top: number,
    limit: number,
  ) {
    this.#statements = statements;
    this.#source = source;
    this.#asker = asker;
    this.#match = match;
    this.#floor = floor;
    this.#top = top;
    this.#limit = limit;
  }

  step(nowMs: () => number): SearchFound | null {
    const startMs = nowMs();
    let turnMs = 0;
    while (turnMs < limits.searchTurnMs) {
      if (this.#match === null || this.#top <= this.#floor) return this.#result(null);
      if (this.#found.length > this.#limit) return this.#result(this.#found[this.#limit - 1]!.index);
      if (this.#spentMs + turnMs >= limits.searchMaxMs) return this.#result(this.#top);
      const beganMs = nowMs();
      this.#look(this.#match, nowMs, beganMs + limits.searchTurnMs);
      const tookMs = nowMs() - beganMs;
      if (tookMs < window.fastMs) this.#size = Math.min(window.max, this.#size * window.grow);
      if (tookMs > window.slowMs) this.#size = Math.max(window.min, Math.floor(this.#size / window.shrink));
      turnMs = nowMs() - startMs;
    }
    this.#spentMs += turnMs;
    return null;
  }

  /** Looks at one window, or at the newer part of it when its rows take too long. */
  #look(match: Match, nowMs: () => number, endMs: number): void {
    const low = Math.max(this.#floor, this.#top - this.#size);
    const isNarrow = match.narrow !== null && this.#hiddenRows > hiddenRowsMax;
    const expression = isNarrow ? match.narrow : match.expression;
    let rows = 0;
    // Only of integers does the index take bounds; a number that is no BigInt is not one to SQLite.
    for (const row of this.#statements.rows.iterate(expression, BigInt(low), BigInt(this.#top))) {
      const index = Number(row.idx);
      if (rows > 0 && rows % rowsPerLook === 0 && nowMs() > endMs) return;
      rows++;
      this.#top = index;
      this.#consider(index, match.beginning);
      const shouldNarrow = match.narrow !== null && !isNarrow && this.#hiddenRows > hiddenRowsMax;
      if (shouldNarrow || this.#found.length > this.#limit) return;
    }
    this.#top = low;
  }

  #consider(index: number, beginning: string | null): void {
    const room = Number(this.#statements.place.get(index)?.room ?? 0);
    if (!this.#asker.maySee(room)) {
      this.#hiddenRows++;
      return;
    }
    if (beginning !== null && !hasBeginning(this.#source.searchable(room, index), beginning)) return;
    const id = this.#source.idAt(room, index);
    if (id !== null) this.#found.push({ id, index });
  }

  #result(next: number | null): SearchFound {
    return {
      ids: this.#found.slice(0, this.#limit).map(({ id }) => id),
      next: this.#found.length > this.#limit ? this.#found[this.#limit - 1]!.index : next,
    };
  }
}
