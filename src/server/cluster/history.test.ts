import { expect, test } from 'vitest';
import type { ClusterEvent, ClusterHistory } from '../../protocol/index.ts';
import { limits } from '../../protocol/index.ts';
import { startTestCluster } from '../test-kit.ts';

test('R22 a server that starts has what was before, each event once, although some of it is still on its way', async () => {
  const cluster = await startTestCluster({ names: ['s1', 's2'] });
  try {
    const { token } = await cluster.join('Ana');
    // They look for each other's history at about this time: requests before, at and after it are told in either way.
    const endMs = performance.now() + 3 * limits.clusterHistoryRetryMs;
    let count = 0;
    for (; performance.now() < endMs; count++)
      await cluster.ask('POST', '/api/v1/cluster/requests', { token, body: {} }, count % 2);
    const historyOf = async (at: number): Promise<ClusterHistory> =>
      (await cluster.ask('GET', '/api/v1/cluster/history', { token }, at)).body as ClusterHistory;
    for (const at of [0, 1]) {
      const { events, requests, topologies } = await historyOf(at);
      expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
      expect(requests.length).toBe(count);
      expect(topologies.length).toBeGreaterThan(0);
      const ofFirst = (event: ClusterEvent): boolean => event.label === 'data-1' && event.what === 'request-applied';
      expect(events.filter(ofFirst).map(({ server }) => server)).toHaveLength(2);
    }
  } finally {
    await cluster.close();
  }
});
