import { expect, test } from 'vitest';
import { emptyModel, reduce } from './model.ts';
import { requestRows } from './request-rows.ts';
import { news, requestView, topologyView } from './test-news.ts';

test('requests are listed the newest first, with where they are and who died of them', () => {
  const topology = topologyView(3, { s2: { applied: 1 }, s3: { applied: 2 } });
  const takeover = { epoch: 1, primary: 's9', previous: null, cause: 'founded' as const, index: 0 };
  const times = { lastSignAt: null, detectedAt: null, lockedAt: null, durableAt: null, acknowledgedAt: null };
  const requests = [requestView(1), requestView(2, { failed: 1, epoch: 2 }), requestView(3, { failed: 7 })];
  const model = reduce(emptyModel, news(1, { topology, requests, takeovers: [{ ...takeover, ...times }] }));
  const rows = requestRows(model, 2);
  expect(rows.map(({ label }) => label)).toEqual(['data-3', 'data-2']);
  expect(rows[1]).toMatchObject({ diedOfIt: 's9', failed: true, on: ['s1', 's3'], missing: ['s2'] });
  // Whoever led an epoch that nobody remembers is not guessed.
  expect(rows[0]).toMatchObject({ diedOfIt: null, failed: true });
});
