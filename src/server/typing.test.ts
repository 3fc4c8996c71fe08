import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestCluster, type TestCluster } from './test-kit.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster({ names: ['s1', 's2'] });
});
afterAll(() => cluster?.close());

it('typing in an archived room, or in one that one was taken out of, is told to nobody', async () => {
  const [ana, bo] = [await cluster.join('Ana'), await cluster.join('Bo')];
  const [writer, reader] = [await cluster.socket(bo.token), await cluster.socket(ana.token)];
  const rooms: string[] = [];
  for (const name of ['archived', 'left', 'open']) {
    const { id: room } = await reader.done('room.create', { name, access: 'closed' });
    await reader.done('room.invite', { room, user: bo.user.id });
    rooms.push(room);
  }
  const [archived, left, open] = rooms as [string, string, string];
  await reader.done('room.archive', { room: archived, archived: true });
  const { index } = await reader.done('room.remove', { room: left, user: bo.user.id });
  await writer.until(() => writer.cursor >= index, 'the news');
  for (const room of [archived, left, open]) writer.send({ type: 'cast', topic: 'typing', room });
  await reader.frame('cast', (frame) => frame.topic === 'typing' && frame.room === open);
  const told = reader.frames.filter((frame) => frame.type === 'cast' && frame.topic === 'typing');
  expect(told).toEqual([{ type: 'cast', topic: 'typing', room: open, user: bo.user.id }]);
});
