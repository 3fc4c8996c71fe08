/** The SDK on a cluster of real processes: its server killed, its server stopped, and all of them away. */
import { describe, expect, test } from 'vitest';
import { type Chat, connect } from '../../src/client/index.ts';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';
import { eventually } from '../support/eventually.ts';

/** A client at one server, and the texts of the room that it has heard. */
const open = async (cluster: TestCluster, name: string, at: string): Promise<{ chat: Chat; heard: string[] }> => {
  const url = cluster.servers.find((server) => server.name === at)?.url ?? cluster.front;
  const chat = connect({ servers: [url], token: await cluster.token(name) });
  const heard: string[] = [];
  chat.room('general').on('message', ({ text }) => heard.push(text));
  chat.on('reset', () => heard.push('reset'));
  await chat.ready();
  return { chat, heard };
};

/** Sends texts `from` up to `to`, several on the wire at a time; resolves when all are acknowledged. */
const sendAll = async (chat: Chat, from: number, to: number): Promise<void> => {
  const room = chat.room('general');
  for (let next = from; next < to; next += 8) {
    const batch = Array.from({ length: Math.min(8, to - next) }, (_, n) => room.send(`text ${next + n}`));
    await Promise.all(batch);
  }
};

const texts = (to: number): string[] => Array.from({ length: to }, (_, n) => `text ${n}`);

describe('the SDK on real processes', () => {
  test('loses, repeats and reorders nothing when a server is killed and another one stopped', async () => {
    await using cluster = await startTestCluster();
    const { primary } = await cluster.settled();
    const backups = cluster.servers.map(({ name }) => name).filter((name) => name !== primary);
    const writer = await open(cluster, 'Writer', primary!);
    const reader = await open(cluster, 'Reader', backups[0]!);
    try {
      await sendAll(writer.chat, 0, 40);
      // The writer's own server, and the primary.
      const sending = sendAll(writer.chat, 40, 200);
      cluster.kill(primary!);
      await sending;
      expect(writer.chat.server).not.toBe(null);
      await cluster.settled();

      // The reader's server stops without a word: its connection stays open and says nothing more.
      const stopped = reader.chat.server!;
      cluster.kill(stopped, 'SIGSTOP');
      try {
        await sendAll(writer.chat, 200, 240);
        await eventually('all texts', () => reader.heard.length >= 240, { deadlineMs: 30_000 });
      } finally {
        if (cluster.pid(stopped) !== null) cluster.kill(stopped, 'SIGCONT');
      }
      await eventually('the writer’s own', () => writer.heard.length >= 240);
      expect(reader.heard).toEqual(texts(240));
      expect(writer.heard).toEqual(texts(240));
    } finally {
      writer.chat.close();
      reader.chat.close();
    }
  });
});
