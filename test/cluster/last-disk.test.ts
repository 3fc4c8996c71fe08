/** What becomes of a cluster that has lost the only disk with everything that was acknowledged. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startTestCluster } from '../support/cluster.ts';
import { estafet, estafetResult } from '../support/estafet.ts';
import { eventually } from '../support/eventually.ts';

test('R7 R8 nobody serves with less than was acknowledged, the reason is said, and only an operator can say otherwise', async () => {
  await using cluster = await startTestCluster({ servers: 2 });
  await cluster.settled();
  const token = await cluster.token('Ayu');
  const post = async (text: string): Promise<number> => {
    const response = await fetch(`${cluster.servers[0]!.url}/api/v1/rooms/general/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ text }),
    });
    return response.status;
  };
  expect(await post('both have this')).toBe(201);
  await cluster.killSupervisor();
  cluster.kill('s2');
  await cluster.waitFor('s1 is alone in the set', ({ servers }) =>
    servers.every(({ name, inSync }) => inSync === (name === 's1')),
  );
  expect(await post('only s1 has this')).toBe(201);
  cluster.kill('s1');
  rmSync(join(cluster.data, 's1'), { recursive: true });

  const shape = ['--servers', '2', '--port', String(cluster.port), '--front', String(cluster.frontPort)];
  const where = ['--host', '127.0.0.1', '--data', cluster.data, '--json'];
  const waiting = estafet(['up', ...shape, ...where]);
  await eventually('the server says whom it waits for', async () => {
    const answer = await fetch(`http://127.0.0.1:${cluster.port + 1}/readyz`).catch(() => null);
    return answer?.status === 503 && (await answer.text()).includes('only s1 had everything');
  });
  expect((await cluster.topology())?.primary).toBeNull();
  expect(waiting.out()).toBe('');
  expect(await estafetResult(['down', '--data', cluster.data])).toMatchObject({ code: 0 });

  const promoted = estafet(['up', '--unsafe-promote', 's2', ...shape, ...where]);
  await eventually('s2 leads', () => promoted.out().includes('"name":"s2"'), { deadlineMs: 30_000 });
  const page = await fetch(`http://127.0.0.1:${cluster.port + 1}/api/v1/rooms/general/messages`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const { messages } = (await page.json()) as { messages: { text: string }[] };
  expect(messages.map(({ text }) => text)).toEqual(['both have this']);
});
