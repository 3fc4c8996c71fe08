/** Search on a server that comes back on its own folder, or whose index is damaged under it. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEmbeddedLog } from '../../log/embedded/index.ts';
import type { SearchPage } from '../../protocol/index.ts';
import { startServer } from '../index.ts';
import { machineKey, silent, TestCluster, until } from '../test-kit.ts';

let folder: string;
let cluster: TestCluster | null = null;
let token = '';

const dataDir = () => join(folder, 's1');
const searchDb = () => join(dataDir(), 'search.db');

const start = async (): Promise<void> => {
  const log = await openEmbeddedLog({ name: 's1', data: folder });
  const where = { name: 's1', log, dataDir: dataDir(), host: '127.0.0.1', port: 0, frontPort: null, webRoot: null };
  const server = await startServer({ ...where, machineKey, logger: silent });
  cluster = new TestCluster([server], [log], join(folder, 'nothing'));
};

const stop = async (): Promise<void> => {
  await cluster?.close();
  cluster = null;
};

const post = async (text: string): Promise<void> => {
  const { status } = await cluster!.ask('POST', '/api/v1/rooms/general/messages', { token, body: { text } });
  expect(status).toBe(201);
};

const found = async (q: string): Promise<string[]> => {
  const { status, body } = await cluster!.ask('GET', `/api/v1/search?q=${q}`, { token });
  return status === 200 ? (body as SearchPage).hits.map(({ message }) => message.text) : [`status ${status}`];
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'estafet-search-'));
  await start();
  ({ token } = await cluster!.join('Ann'));
});

afterEach(async () => {
  await stop();
  await rm(folder, { recursive: true, force: true });
});

describe('the search of a server that comes back', () => {
  it('has what it had, and goes on', async () => {
    await post('a quokka before');
    expect(await found('quokka')).toEqual(['a quokka before']);
    await stop();
    expect(existsSync(`${searchDb()}-wal`)).toBe(false);
    await start();
    await post('a quokka after');
    expect(await found('quokka')).toEqual(['a quokka after', 'a quokka before']);
  });

  it.each([
    ['is gone', () => rm(searchDb())],
    ['is cut off', () => truncate(searchDb(), 3_000)],
    ['is something else', () => writeFile(searchDb(), 'x'.repeat(50_000))],
    [
      'is ahead of the chat',
      async () => {
        const db = new DatabaseSync(searchDb());
        db.exec('UPDATE state SET upto = 1000000; DELETE FROM found; DELETE FROM docs');
        db.close();
      },
    ],
    [
      'was made by another version',
      async () => {
        const db = new DatabaseSync(searchDb());
        db.exec("UPDATE state SET made = 'another'; DELETE FROM found; DELETE FROM docs");
        db.close();
      },
    ],
    ['is of another chat', () => writeFile(join(dataDir(), 'chat.origin'), 'another\n')],
  ])('is whole again when its file %s', async (_what, damage) => {
    await post('a quokka, kept');
    expect(await found('quokka')).toEqual(['a quokka, kept']);
    await stop();
    await damage();
    await start();
    await until(async () => (await found('quokka')).join() === 'a quokka, kept');
  });
});

it('a search whose file is damaged while the server runs is made again, and everything else goes on', async () => {
  await post('a quokka before');
  expect(await found('quokka')).toEqual(['a quokka before']);
  await truncate(`${searchDb()}-wal`, 0);
  await truncate(searchDb(), 0);
  await post('a quokka after');
  await until(async () => (await found('quokka')).join() === 'a quokka after,a quokka before');
});
