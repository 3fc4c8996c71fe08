import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type ScriptedServer, scriptedServer } from '../../test/support/scripted-server.ts';
import { type Requests, requests } from './requests.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** Servers, the methods and addresses each was asked for, and HTTP over them in their order. */
const setUp = async (
  ...answers: ((request: IncomingMessage, response: ServerResponse) => void)[]
): Promise<{ http: Requests; servers: ScriptedServer[]; asked: string[][] }> => {
  const servers = await Promise.all(answers.map((_, n) => scriptedServer(`s${n + 1}`)));
  const asked = servers.map((server, n): string[] => {
    const list: string[] = [];
    server.onRequest = (request, response) => {
      list.push(`${request.method} ${request.url}`);
      answers[n]!(request, response);
    };
    return list;
  });
  const http = requests({ addresses: () => servers.map(({ url }) => url), token: () => 'secret' });
  cleanups.push(...servers.map((server) => () => server.close()), () => http.close());
  return { http, servers, asked };
};

const json = (status: number, body: unknown) => (_: IncomingMessage, response: ServerResponse) =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const hangUp = (_: IncomingMessage, response: ServerResponse) => void response.socket?.destroy();
const onlyTopology =
  (then: (request: IncomingMessage, response: ServerResponse) => void) =>
  (request: IncomingMessage, response: ServerResponse): void =>
    request.url === '/api/v1/topology' ? json(200, {})(request, response) : then(request, response);

describe('HTTP', () => {
  it('carries the token, and gives the answer and who answered', async () => {
    let authorization: string | undefined;
    const { http, servers } = await setUp((request, response) => {
      authorization = request.headers.authorization;
      json(200, { rooms: [] })(request, response);
    });
    expect(await http.request('GET', '/api/v1/rooms')).toEqual({ url: servers[0]!.url, body: { rooms: [] } });
    expect(authorization).toBe('Bearer secret');
  });

  it('asks the next server when one is dead or cannot', async () => {
    const unavailable = json(503, { error: { code: 'unavailable', message: 'not now' } });
    const { http, servers } = await setUp(hangUp, unavailable, json(200, 'here'));
    expect(await http.request('GET', '/x')).toEqual({ url: servers[2]!.url, body: 'here' });
  });

  it('believes a refusal, with its code and sentence', async () => {
    const { http, asked } = await setUp(json(404, { error: { code: 'no-such-room', message: 'no #x' } }), hangUp);
    await expect(http.request('GET', '/x')).rejects.toMatchObject({ code: 'no-such-room', message: 'no #x' });
    expect(asked[1]).toEqual([]);
  });

  it('says unavailable when nobody answers', async () => {
    const { http } = await setUp(hangUp, hangUp);
    await expect(http.request('GET', '/x')).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('makes an error of an answer that is none', async () => {
    const { http } = await setUp((_, response) => void response.writeHead(418).end('<html>'));
    await expect(http.request('GET', '/x')).rejects.toMatchObject({ code: 'internal' });
  });

  it('sends once what may not be repeated, to a server that has just answered', async () => {
    const { http, asked } = await setUp(hangUp, onlyTopology(hangUp), onlyTopology(json(200, {})));
    await expect(http.request('POST', '/api/v1/join', { name: 'Ana' })).rejects.toMatchObject({ code: 'unknown' });
    expect(asked).toEqual([['GET /api/v1/topology'], ['GET /api/v1/topology', 'POST /api/v1/join'], []]);
  });

  it('ends what is under way when it closes', async () => {
    const { http, asked } = await setUp(() => {});
    const answer = http.request('GET', '/x');
    await expect.poll(() => asked[0]!.length).toBe(1);
    http.close();
    await expect(answer).rejects.toMatchObject({ code: 'shutting-down' });
  });
});
