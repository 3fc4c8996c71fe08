/** Experiment 6 of the lab on real processes: the primary is killed while both methods send. */
import { describe, expect, test } from 'vitest';
import type { LabFailoverView, MessagePage } from '../../src/protocol/index.ts';
import { startTestCluster } from '../support/cluster.ts';
import { estafetResult } from '../support/estafet.ts';
import { eventually } from '../support/eventually.ts';

describe('experiment 6', () => {
  test('kills the primary: Direct loses what was on its way, PubSub nothing that was acknowledged', async () => {
    await using cluster = await startTestCluster();
    const { primary } = await cluster.settled();
    const token = await cluster.token('Ann', 'owner');
    const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
      const answer = await fetch(`${cluster.front}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as T;
    };
    const said = await ask<MessagePage>('GET', '/rooms/general/messages');

    const request = { perSecond: 200, seconds: 4, killAfterMs: 1_500 };
    const count = request.perSecond * request.seconds;
    const begun = await ask<LabFailoverView>('POST', '/lab/failovers', request);
    expect(begun.server).not.toBe(primary);
    const view = await eventually(
      'the experiment is over',
      async () => {
        // Through the front door: any server that lives passes it on.
        const now = await ask<LabFailoverView>('GET', `/lab/failovers/${begun.id}`);
        return now.state === 'running' ? null : now;
      },
      { deadlineMs: 90_000, pollMs: 200 },
    );
    expect(view).toMatchObject({ state: 'done', error: null, killed: primary, server: begun.server });
    expect(view.primaryAfter).not.toBe(null);
    expect(view.primaryAfter).not.toBe(primary);
    const { direct, pubsub } = view;
    // Each was sent as often, at the same moments.
    expect([direct.sent, pubsub.sent]).toEqual([count, count]);
    expect(pubsub).toMatchObject({ delivered: count, lost: 0, unacknowledged: 0, doubled: 0 });
    // Those of the some ten milliseconds in which nobody is primary: a few, and with luck none.
    expect(direct.lost).toBeLessThan(count / 4);
    expect(direct).toMatchObject({ delivered: count - direct.lost, doubled: 0, retried: 0, unacknowledged: 0 });
    for (const { gapMs } of [direct, pubsub]) expect(gapMs).toBeGreaterThan(0);
    const inTenths = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
    expect([inTenths(view.directByTenth), inTenths(view.pubsubByTenth)]).toEqual([direct.delivered, count]);

    // Nothing was said anywhere, and the servers agree.
    expect((await ask<MessagePage>('GET', '/rooms/general/messages')).messages).toEqual(said.messages);
    await cluster.settled();

    // The same from the command line, which takes and gives back a right of its own.
    const line = ['lab', 'run', '6', '--rate', '20', '--seconds', '3', '--json', '--data', cluster.data];
    const { code, out, err } = await estafetResult(line);
    expect([code, err]).toEqual([0, '']);
    const rows = out
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(rows).toMatchObject([
      { experiment: 6, method: 'direct', sent: 60 },
      { experiment: 6, method: 'pubsub', sent: 60, delivered: 60, lost: 0, unacknowledged: 0 },
    ]);
  });
});
