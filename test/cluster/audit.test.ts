/** `estafet audit` on real processes: what it says of a cluster that keeps its promises, and of one that does not. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { MessagePage } from '../../src/protocol/index.ts';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';
import { estafet, estafetResult } from '../support/estafet.ts';
import { eventually } from '../support/eventually.ts';

const jsonLines = (out: string): object[] =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);

/** The newest index that is committed. */
const committed = async (cluster: TestCluster): Promise<number> =>
  Math.max(...((await cluster.topology())?.servers.map((server) => server.committed) ?? [0]));

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

/** Stands before a server and passes everything on, with its answers' text as `change` makes it. */
const startProxy = async (target: string, change: (path: string, text: string, own: string) => string) => {
  const server: Server = createServer(async (request, response) => {
    try {
      const { method = 'GET', url: path = '/', headers } = request;
      const body = await bodyOf(request);
      const given = {
        ...(headers.authorization === undefined ? {} : { authorization: headers.authorization }),
        ...(body.length === 0 ? {} : { 'content-type': 'application/json' }),
      };
      const passedOn = { method, headers: given, ...(body.length === 0 ? {} : { body: body.toString() }) };
      const answer = await fetch(`${target}${path}`, passedOn);
      const text = change(path, await answer.text(), own);
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
    } catch {
      response.destroy();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return { url: own, [Symbol.asyncDispose]: close };
};

const clean = { lost: 0, doubled: 0, reordered: 0, phantoms: 0, refused: 0 };

describe('estafet audit', () => {
  test('P1 P2 P4 P5 finds everything acknowledged on every server, although the primary was killed twice', async () => {
    await using cluster = await startTestCluster();
    await cluster.settled();
    const before = await committed(cluster);
    const audit = estafet(['audit', '--data', cluster.data, '--rate', '20', '--json']);
    await eventually('the audit posts', async () => (await committed(cluster)) > before + 20, { deadlineMs: 30_000 });
    for (let kill = 0; kill < 2; kill++) {
      const { primary, epoch } = await cluster.settled(30_000);
      cluster.kill(primary!);
      const now = await cluster.waitFor(
        'a takeover',
        (topology) => topology.primary !== null && topology.epoch > epoch,
      );
      const from = Math.max(...now.servers.map((server) => server.committed));
      await eventually('the audit posts on', async () => (await committed(cluster)) > from + 10, {
        deadlineMs: 30_000,
      });
    }
    audit.child.kill('SIGINT');
    const { code } = await audit.ended;
    const result = jsonLines(audit.out()).at(-1) as { acknowledged: number; found: object; seconds: number };
    console.log(JSON.stringify(result), audit.err());
    expect(code, audit.err()).toBe(0);
    const { acknowledged } = result;
    expect(acknowledged).toBeGreaterThan(20);
    expect(result).toMatchObject({
      ...clean,
      found: { s1: acknowledged, s2: acknowledged, s3: acknowledged },
      fingerprints: 'equal',
      servers: { s1: 'up', s2: 'up', s3: 'up' },
    });
  });

  test.each([
    [
      'a message that one server does not show is lost',
      (page: MessagePage) => ({ ...page, messages: page.messages.filter(({ text }) => !/ 3$/.test(text)) }),
      { ...clean, lost: 1 },
    ],
    [
      'a message that one server shows twice is doubled',
      (page: MessagePage) => ({
        ...page,
        messages: page.messages.flatMap((message) => (/ 3$/.test(message.text) ? [message, message] : [message])),
      }),
      { ...clean, doubled: 1 },
    ],
  ])('P5 ends with 1 when a promise is broken: %s', async (_what, corrupt, findings) => {
    await using cluster = await startTestCluster();
    await cluster.settled();
    const token = await cluster.token('Auditor');
    const { url } = cluster.servers.find(({ name }) => name === 's2')!;
    await using proxy = await startProxy(url, (path, text, own) => {
      if (path.includes('/messages?')) return JSON.stringify(corrupt(JSON.parse(text) as MessagePage));
      return path.endsWith('/topology') ? text.replaceAll(url, own) : text;
    });
    const args = ['--url', proxy.url, '--token', token, '--rate', '20', '--seconds', '2', '--json'];
    const { code, out, err } = await estafetResult(['audit', ...args]);
    expect(code, err).toBe(1);
    expect(jsonLines(out).at(-1)).toMatchObject({ ...findings, fingerprints: 'equal' });
    expect(err).toMatch(/message 3\b.* on s2/);
  });

  test('P5 ends with 1 when two servers have another fingerprint at one index', async () => {
    await using cluster = await startTestCluster({ servers: 2 });
    const token = await cluster.token('Auditor');
    const { url } = cluster.servers[1]!;
    await using proxy = await startProxy(url, (path, text, own) => {
      if (path.includes('/fingerprints/')) return text.replace(/"fingerprint":"./, '"fingerprint":"x');
      return path.endsWith('/topology') ? text.replaceAll(url, own) : text;
    });
    const args = ['--url', proxy.url, '--token', token, '--seconds', '1'];
    const { code, out, err } = await estafetResult(['audit', ...args]);
    expect(code, err).toBe(1);
    expect(out).toContain('A PROMISE WAS BROKEN.');
    expect(out).toMatch(/fingerprints +different/);
  });

  test('ends with 69 when no server can be reached, and says so', async () => {
    const nobody = createServer().listen(0, '127.0.0.1');
    await once(nobody, 'listening');
    const { port } = nobody.address() as AddressInfo;
    nobody.close();
    await once(nobody, 'close');
    const args = ['--url', `http://127.0.0.1:${port}`, '--token', 'x'];
    const { code, out, err } = await estafetResult(['audit', ...args]);
    expect([code, out]).toEqual([69, '']);
    expect(err).toContain('No server could be reached');
  });
});
