/** A server that comes back on its own folder, over the embedded engine. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEmbeddedLog } from '../log/embedded/index.ts';
import type { ReplicatedLog } from '../log/index.ts';
import { startServer } from './index.ts';
import { machineKey, silent, TestCluster } from './test-kit.ts';

let folder: string;
let cluster: TestCluster | null = null;
let log: ReplicatedLog;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'estafet-restart-'));
});

afterEach(async () => {
  await cluster?.close();
  await rm(folder, { recursive: true, force: true });
});

const dataDir = () => join(folder, 's1');

const start = async (): Promise<TestCluster> => {
  log = await openEmbeddedLog({ name: 's1', data: folder });
  const where = { name: 's1', log, dataDir: dataDir(), host: '127.0.0.1', port: 0, frontPort: null, webRoot: null };
  const server = await startServer({ ...where, machineKey, logger: silent });
  cluster = new TestCluster([server], [log], join(folder, 'nothing'));
  return cluster;
};

/** Stops the server, does something to its folder, and starts it again. */
const restart = async (meanwhile: () => Promise<void> = async () => {}): Promise<TestCluster> => {
  await cluster?.close();
  cluster = null;
  await meanwhile();
  return start();
};

const texts = async (token: string): Promise<string[]> => {
  const { body } = await cluster!.ask('GET', '/api/v1/rooms/general/messages', { token });
  return (body as { messages: { text: string }[] }).messages.map(({ text }) => text);
};

describe('a server that comes back', () => {
  it('has its people, sessions and messages, and goes on', async () => {
    const { token } = await (await start()).join('Ana');
    const before = await (await cluster!.socket(token)).done('message.post', { room: 'general', text: 'before' });
    await restart();
    const socket = await cluster!.socket(token, { after: before.index - 1 });
    await socket.until(() => socket.events().some(({ event }) => event.index === before.index), 'what was before');
    await socket.done('message.post', { room: 'general', text: 'after' });
    expect(await texts(token)).toEqual(['before', 'after']);
  });

  it.each([
    ['is gone', () => rm(join(dataDir(), 'chat.db'))],
    ['was made from another copy of the log', () => writeFile(join(dataDir(), 'chat.origin'), 'another\n')],
    [
      'was made by an older version',
      async () => {
        const { DatabaseSync } = await import('node:sqlite');
        const database = new DatabaseSync(join(dataDir(), 'chat.db'));
        database.exec('PRAGMA user_version = 1');
        database.close();
      },
    ],
  ])('makes its chat database again when it %s', async (_what, damage) => {
    const { token } = await (await start()).join('Ana');
    await (await cluster!.socket(token)).done('message.post', { room: 'general', text: 'kept' });
    await restart(damage);
    expect(await texts(token)).toEqual(['kept']);
  });

  it('fails when the history of its chat database is not the log’s, and makes it again at the next start', async () => {
    const { token } = await (await start()).join('Ana');
    await (await cluster!.socket(token)).done('message.post', { room: 'general', text: 'kept' });
    await restart(async () => {
      const { DatabaseSync } = await import('node:sqlite');
      const database = new DatabaseSync(join(dataDir(), 'chat.db'));
      database.exec("DELETE FROM messages; UPDATE position SET hash = 'another'");
      database.close();
    });
    expect((await cluster!.servers[0]?.failed)?.message).toContain('another history');
    await restart();
    expect(await texts(token)).toEqual(['kept']);
  });
});
