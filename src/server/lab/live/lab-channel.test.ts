import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestCluster, type TestCluster } from '../../test-kit.ts';
import { openLabPage } from './lab-kit.ts';

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startTestCluster({ names: ['s1', 's2', 's3'] });
});
afterAll(() => cluster.close());

describe('the lab on several servers', () => {
  test('nodes at different servers reach each other, and everybody sees who is there, the dials and the figures', async () => {
    const ann = await openLabPage(cluster, 'Ann', 1);
    const bob = await openLabPage(cluster, 'Bob', 2);
    const a = await ann.join('A');
    const b = await bob.join('B');
    await ann.until(({ nodesChanged }) => nodesChanged?.some(({ id, server }) => id === b && server === 's3'));
    expect(await ann.refusal({ what: 'leave', node: b })).toBe('not-your-node');
    expect(await bob.refusal({ what: 'join', name: 'a' })).toBe('name-taken');

    ann.say({
      what: 'dials',
      change: { loss: 0, latencyMinMs: 5, latencyMaxMs: 5, maxRetries: 0, ackTimeoutMs: 2_000 },
    });
    for (const page of [ann, bob]) {
      const dials = await page.until((news) => news.dials?.changedBy === ann.user && news.dials);
      expect(dials.settings).toMatchObject({ loss: 0, latencyMinMs: 5, maxRetries: 0, window: 0 });
    }
    ann.say({ what: 'send', node: a, method: 'pubsub', to: { node: b }, text: 'hi', ref: 'one' });
    const delivery = await bob.until(({ deliveries }) => deliveries?.find(({ text }) => text === 'hi'));
    expect(delivery).toMatchObject({ node: b, from: a, fromName: 'A', attempt: 0, copy: false, show: true });
    const { message } = delivery;
    await ann.until(({ progress }) => progress?.some((one) => one.what === 'sent' && one.ref === 'one'));
    await ann.until(({ progress }) => progress?.some((one) => one.what === 'confirmed' && one.message === message));
    const sample = await bob.until(({ samples }) => samples?.find(({ pubsub }) => pubsub.delivery.count > 0));
    expect(sample.pubsub.delivery).toMatchObject({ value: 1, count: 1, theory: 1 });
    expect(sample.pubsub.latencyP50).toMatchObject({ value: 5, theory: 5 });
    ann.say({ what: 'story', message, ref: 'story' });
    const story = await ann.until((news) => news.story?.ref === 'story' && news.story);
    expect(story).toMatchObject({ confirmed: true, names: { [a]: 'A', [b]: 'B' }, attempts: [{ attempt: 0 }] });
    const events = (): string[] => bob.news().flatMap((news) => (news.events ?? []).map(({ what }) => what));
    for (const what of ['joined', 'dials', 'sent', 'delivered', 'acknowledged', 'confirmed']) {
      expect(events()).toContain(what);
    }
    bob.socket.ws.close();
    await ann.until(({ nodesGone }) => nodesGone?.includes(b));
  });
});
