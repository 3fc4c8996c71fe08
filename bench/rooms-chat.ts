/** For `rooms.ts`: a chat of so many messages, made by the chat machine as it would follow a log, and its search index. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type Chat, type LogEntry, openChat, snapshotBytes } from '../src/chat/index.ts';
import { openIndexer, openSearchDb, openSearcher, openSource, type Searcher } from '../src/chat/search/index.ts';
import { commandIdFrom, generalRoom, limits, systemUser } from '../src/protocol/index.ts';

export interface MadeChat {
  readonly chat: Chat;
  readonly search: Searcher;
  /** Who asks: they see all but the closed room, and have read all but the newest messages. */
  readonly asker: string;
  /** Who sees the same, and has never read anything. */
  readonly absent: string;
  readonly messages: number;
  /** Index of the newest entry. */
  readonly newest: number;
  readonly appliedPerSecond: number;
  readonly indexedPerSecond: number;
  readonly chatBytes: number;
  readonly searchBytes: number;
  close(): void;
}

const people = 50;
const rooms = [generalRoom, ...Array.from({ length: 8 }, (_, n) => `room-${n + 1}`), 'closed'];
const batch = 1_000;
/** The newest entries, which the one who asks has not read. */
const unread = 2_000;
const vocabulary = 40_000;
/** Messages that have the rare word, however many there are in all. */
const rareMessages = 10;
export const rareWord = 'quokka';

/** Numbers from a seed, below 1. */
const numbers = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

const letters = 'etaoinshrdlucmfwypvbgk';

/** The word of a rank: the more common, the shorter. */
export const wordOf = (rank: number): string => {
  let word = '';
  for (let rest = rank + letters.length; rest > 0; rest = Math.floor(rest / letters.length)) {
    word += letters[rest % letters.length];
  }
  return word;
};

/** Texts as people write them: a few words make up most of it, by Zipf's law. */
const texts = (seed: number): (() => string) => {
  const next = numbers(seed);
  return () => {
    const words = Array.from({ length: 3 + Math.floor(next() * 22) }, () =>
      wordOf(Math.floor(vocabulary ** next()) - 1),
    );
    return words.join(' ');
  };
};

/** The log of such a chat, in batches. */
function* batches(messages: number): Generator<LogEntry[]> {
  let index = 0;
  let entries: LogEntry[] = [];
  const add = (by: string, kind: string, body: unknown): string => {
    index++;
    const at = Date.UTC(2026, 0, 1) + index * 50;
    const random = createHash('sha256').update(`${index}`).digest();
    const id = commandIdFrom(at, random);
    const bytes = new TextEncoder().encode(JSON.stringify({ by, kind, body }));
    entries.push({ index, epoch: 1, at, id, body: bytes, hash: random, kind: 'command' });
    return id;
  };
  const ids = Array.from({ length: people }, (_, n) => {
    const tokenHash = createHash('sha256').update(`token ${n}`).digest('hex');
    return add(systemUser, 'user.join', { name: `Person ${n}`, local: true, tokenHash, device: 'bench' });
  });
  for (const name of rooms.slice(1)) {
    const access = name === 'closed' ? 'closed' : 'open';
    add(ids[1]!, 'room.create', { name, access });
    if (access === 'open') for (const by of ids.filter((_, n) => n !== 1)) add(by, 'room.join', { room: name });
  }
  yield entries;
  entries = [];
  const text = texts(7);
  const next = numbers(3);
  const rareEvery = Math.floor(messages / rareMessages);
  for (let n = 0; n < messages; n++) {
    const room = rooms[next() < 0.5 ? 0 : Math.floor(next() * rooms.length)]!;
    const by = ids[room === 'closed' ? 1 : Math.floor(next() * people)]!;
    const said = n % rareEvery === Math.floor(rareEvery / 2) ? `${text()} ${rareWord}` : text();
    add(by, 'message.post', { room: room === rooms[0] ? generalRoom : room, text: said });
    if (entries.length === batch) {
      yield entries;
      entries = [];
    }
  }
  const read = index - unread;
  for (const room of rooms.slice(0, -1)) add(ids[0]!, 'read.mark', { room, index: read });
  yield entries;
}

const secondsSince = (startMs: number): number => (performance.now() - startMs) / 1_000;

/** Makes a chat of so many messages in `folder`. */
export const makeChat = (folder: string, messages: number): MadeChat => {
  const chatPath = join(folder, `chat-${messages}.db`);
  const searchPath = join(folder, `search-${messages}.db`);
  const chat = openChat(chatPath);
  let [asker, absent] = ['', ''];
  let applySeconds = 0;
  for (const entries of batches(messages)) {
    asker ||= entries[0]!.id;
    absent ||= entries[2]!.id;
    const startMs = performance.now();
    for (const { outcome } of chat.apply(entries)) {
      if (!outcome.ok) throw new Error(`a command was refused: ${outcome.code}`);
    }
    applySeconds += secondsSince(startMs);
  }
  const kept = { eventsKeptPositions: limits.eventsKeptPositions, stepPositions: limits.expiryStepPositions };
  const source = openSource(chatPath, kept);
  const db = openSearchDb(searchPath, { origin: 'bench', unicode: '' }, source.position());
  const indexer = openIndexer(db, source);
  const startMs = performance.now();
  while (indexer.step(limits.searchSliceMessages));
  return {
    chat,
    search: openSearcher(db, source),
    asker,
    absent,
    messages,
    newest: chat.position.index,
    appliedPerSecond: messages / applySeconds,
    indexedPerSecond: messages / secondsSince(startMs),
    chatBytes: snapshotBytes(chatPath),
    searchBytes: snapshotBytes(searchPath),
    close: () => {
      db.close();
      source.close();
      chat.close();
    },
  };
};
