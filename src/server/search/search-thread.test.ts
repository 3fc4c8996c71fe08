/** The search of a chat that is replaced under it, and of one whose index is far behind. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Chat, openChat, writeSnapshot } from '../../chat/index.ts';
import { parseQuery } from '../../chat/search/index.ts';
import { commandIdFrom, limits, type SearchPage, systemUser } from '../../protocol/index.ts';
import { silent } from '../test-kit.ts';
import { Search } from './search.ts';

let folder: string;
let chat: Chat;
let search: Search;
let ann: string;
let index = 0;

const entry = (by: string, kind: string, body: unknown) => {
  index++;
  const at = Date.UTC(2026, 0, 1) + index;
  const id = commandIdFrom(at, new Uint8Array(10));
  const bytes = Buffer.from(JSON.stringify({ by, kind, body }));
  return { index, epoch: 1, at, id, body: bytes, hash: new Uint8Array(32).fill(index), kind: 'command' as const };
};
const posts = (count: number, text: string) =>
  Array.from({ length: count }, (_, n) => entry(ann, 'message.post', { room: 'general', text: `${text} ${n}` }));

const find = (q: string, signal = new AbortController().signal): Promise<SearchPage> =>
  search.find({ query: parseQuery(q, Date.UTC), userId: ann, before: null, limit: 50 }, signal);
const count = async (q: string): Promise<number> => (await find(q)).hits.length;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'estafet-thread-'));
  index = 0;
  chat = openChat(join(folder, 'chat.db'));
  const join0 = entry(systemUser, 'user.join', { name: 'Ann', local: true, tokenHash: 'a'.repeat(64), device: '' });
  ann = join0.id;
  chat.apply([join0, ...posts(20, 'quokka before')]);
  search = new Search(chat, folder, 'a log', limits, silent);
});

afterEach(async () => {
  await search.close();
  chat.close();
  rmSync(folder, { recursive: true, force: true });
});

it('R18 what a snapshot brought is found, and what it had already is found once', async () => {
  const later = openChat(join(folder, 'later.db'));
  const snapshot = join(folder, 'snapshot');
  await writeSnapshot(join(folder, 'chat.db'), snapshot);
  await later.install(snapshot);
  later.apply(posts(25, 'quokka later'));
  rmSync(snapshot);
  await writeSnapshot(join(folder, 'later.db'), snapshot);
  later.close();

  expect(await count('quokka')).toBe(20);
  await search.around(chat).install(snapshot);
  expect(await count('quokka')).toBe(45);
  chat.apply(posts(1, 'quokka after'));
  expect(await count('quokka')).toBe(46);
});

it('while the chat is being replaced a search is refused, and not answered from what is going away', async () => {
  expect(await count('quokka')).toBe(20);
  const snapshot = join(folder, 'snapshot');
  await writeSnapshot(join(folder, 'chat.db'), snapshot);
  const installed = search.around(chat).install(snapshot);
  await expect(find('quokka')).rejects.toMatchObject({ code: 'overloaded' });
  await installed;
  expect(await count('quokka')).toBe(20);
});

it('a search waits for what was said before it and is not in the index yet', async () => {
  expect(await count('quokka')).toBe(20);
  chat.apply(posts(400, 'numbat'));
  chat.apply(posts(3, 'quokka again'));
  const page = await find('"quokka again"');
  expect(page.hits).toHaveLength(3);
  expect(page.indexedUpTo).toBe(chat.position.index);
});

it('a search that nobody waits for any more is forgotten', async () => {
  const gone = new AbortController();
  const waiting = find('quokka', gone.signal);
  gone.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'overloaded' });
  expect(await count('quokka')).toBe(20);
});

it('a search that is under way when the server stops is told so', async () => {
  const waiting = find('quokka');
  const ended = expect(waiting).rejects.toMatchObject({ code: 'shutting-down' });
  await search.close();
  await ended;
  await expect(find('quokka')).rejects.toMatchObject({ code: 'shutting-down' });
});
