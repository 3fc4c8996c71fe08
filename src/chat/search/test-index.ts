/** For tests: a chat on disk, its search database beside it, and searches that run to their end. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Chat, openChat, type Retention } from '../index.ts';
import { type Scene, scene } from '../test-log.ts';
import { openIndexer, openSearchDb, openSearcher, openSource, parseQuery } from './index.ts';

export interface TestSearch {
  readonly chat: Chat;
  readonly scene: Scene;
  readonly path: string;
  /** Opens the index, with slices of that many, and brings it up to the chat; gives the number of slices. */
  catchUp(slice?: number): number;
  /** The same, doing something after each slice; gives the number of slices. */
  interleave(slice: number, meanwhile: (step: number) => void): number;
  /** The texts of what a person finds, of all pages of `limit`. */
  find(userId: string, query: string, limit?: number, nowMs?: () => number): string[];
  /** Closes the index; it is opened again when it is needed. */
  letGo(): void;
  close(): void;
}

const dayStart = (year: number, month: number, day: number): number => Date.UTC(year, month - 1, day);

export const openTestSearch = (retention?: Retention): TestSearch => {
  const folder = mkdtempSync(join(tmpdir(), 'estafet-search-'));
  const path = join(folder, 'search.db');
  const chat = openChat(join(folder, 'chat.db'), retention);
  const kept = retention ?? { eventsKeptPositions: 200_000, stepPositions: 1_000 };
  const open = () => {
    const source = openSource(join(folder, 'chat.db'), kept);
    const db = openSearchDb(path, { origin: 'a test', unicode: '17.0' }, source.position());
    const close = (): void => {
      db.close();
      source.close();
    };
    return { indexer: openIndexer(db, source), search: openSearcher(db, source), close };
  };
  let opened: ReturnType<typeof open> | null = null;
  const letGo = (): void => {
    opened?.close();
    opened = null;
  };
  const advance = (slice: number, meanwhile: (step: number) => void): number => {
    opened ??= open();
    let slices = 0;
    while (opened.indexer.step(slice)) meanwhile(slices++);
    return slices;
  };
  return {
    chat,
    scene: scene(chat),
    path,
    catchUp: (slice = 100) => advance(slice, () => {}),
    interleave: advance,
    letGo,
    find: (userId, query, limit = 20, nowMs = () => 0) => {
      opened ??= open();
      const texts: string[] = [];
      let before: number | null = null;
      do {
        const run = opened.search({ query: parseQuery(query, dayStart), userId, before, limit });
        let found = run.step(nowMs);
        while (found === null) found = run.step(nowMs);
        texts.push(...found.ids.map((id) => chat.message(id, userId)?.text ?? `no ${id}`));
        before = found.next;
      } while (before !== null);
      return texts;
    },
    close: () => {
      letGo();
      chat.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
