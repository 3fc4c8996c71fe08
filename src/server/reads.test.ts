/** What a read shows of writes that another server has acknowledged. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { delegate, startTestCluster, type TestCluster } from './test-kit.ts';

interface Page {
  readonly messages: readonly { readonly text: string }[];
}

describe('R17 a read over HTTP', () => {
  let cluster: TestCluster;
  let token: string;
  let hold: () => void;
  let release: () => void;

  const start = async (sessionWaitMaxMs: number): Promise<void> => {
    let gate: PromiseWithResolvers<void> | null = null;
    hold = () => {
      gate = Promise.withResolvers();
    };
    release = () => gate?.resolve();
    cluster = await startTestCluster({
      names: ['s1', 's2'],
      limits: { sessionWaitMaxMs },
      wrap: (log) =>
        delegate(log, {
          follow: async function* (after) {
            for await (const batch of log.follow(after)) {
              if (log.topology().self === 's2') await gate?.promise;
              yield batch;
            }
          },
        }),
    });
    ({ token } = await cluster.join('Ana'));
    await cluster.ask('GET', '/api/v1/rooms', { token }, 1);
  };
  const texts = async (): Promise<readonly string[]> => {
    const { status, body } = await cluster.ask('GET', '/api/v1/rooms/general/messages', { token }, 1);
    expect(status).toBe(200);
    return (body as Page).messages.map(({ text }) => text);
  };
  const post = async (text: string): Promise<void> => {
    const { status } = await cluster.ask('POST', '/api/v1/rooms/general/messages', { token, body: { text } });
    expect(status).toBe(201);
  };

  beforeEach(() => {
    [hold, release] = [() => {}, () => {}];
  });
  afterEach(async () => {
    release();
    await cluster.close();
  });

  it('shows what another server acknowledged before, when this one has it on its disk and has not applied it yet', async () => {
    await start(20_000);
    hold();
    await post('a moment ago');
    const asked = texts();
    // Long enough for an answer that does not wait.
    await expect(
      Promise.race([asked, cluster.ask('GET', '/api/v1/topology', {}, 1).then(() => 'waits')]),
    ).resolves.toBe('waits');
    release();
    expect(await asked).toContain('a moment ago');
  });

  it('does not wait for long: a server that applies nothing shows what it has', async () => {
    await start(50);
    await post('applied');
    await expect.poll(texts).toContain('applied');
    hold();
    await post('held up');
    expect(await texts()).not.toContain('held up');
  });
});
