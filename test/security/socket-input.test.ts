/** Whatever comes in over a socket gets a stable code or the end of that socket, and the server goes on serving. */
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { closeCodes, limits, newCommandId } from '../../src/protocol/index.ts';
import { delegate, startTestCluster, type TestCluster } from '../../src/server/test-kit.ts';

let cluster: TestCluster;
let ana: { token: string };

beforeAll(async () => {
  cluster = await startTestCluster({
    limits: { helloDeadlineMs: 300, socketSilenceMaxMs: 1_000, socketPingIntervalMs: 200 },
  });
  ana = await cluster.join('Ana');
});

afterAll(() => cluster?.close());

afterEach(async () => {
  const socket = await cluster.socket(ana.token);
  expect(await socket.done('message.post', { room: 'general', text: 'alive' })).toMatchObject({
    outcome: { ok: true },
  });
  socket.ws.close();
});

describe('before the welcome', () => {
  it.each([
    ['malformed JSON', '{', 'bad-json', closeCodes.badFrame],
    ['no object', '5', 'bad-frame', closeCodes.badFrame],
    ['an unknown frame', '{"type":"hi"}', 'unknown-frame', closeCodes.badFrame],
    ['a hello of the wrong shape', '{"type":"hello","after":"x"}', 'bad-frame', closeCodes.badFrame],
    ['a hello with no token', '{"type":"hello"}', 'not-signed-in', closeCodes.notSignedIn],
    ['a hello with a wrong token', '{"type":"hello","token":"x"}', 'session-ended', closeCodes.notSignedIn],
    [
      'something else than a hello',
      '{"type":"cast","topic":"typing","room":"general"}',
      'not-signed-in',
      closeCodes.notSignedIn,
    ],
  ])('%s ends the socket', async (_what, text, code, closeCode) => {
    const socket = cluster.rawSocket();
    await socket.open();
    socket.send(text);
    expect((await socket.closed).code).toBe(closeCode);
    expect(socket.frames).toEqual([{ type: 'error', code, message: expect.any(String) }]);
  });

  it('silence ends the socket', async () => {
    const socket = cluster.rawSocket();
    expect((await socket.closed).code).toBe(closeCodes.helloDeadline);
  });
});

describe('after the welcome', () => {
  it.each([
    ['an unknown frame', '{"type":"hi"}', 'unknown-frame'],
    ['a name of the prototype as type', '{"type":"constructor"}', 'unknown-frame'],
    ['a second hello', '{"type":"hello"}', 'bad-frame'],
    ['a type that is no text', '{"type":5}', 'unknown-frame'],
    ['an array', '[]', 'bad-frame'],
    ['a cast of another topic', '{"type":"cast","topic":"presence","room":"general"}', 'bad-frame'],
    ['an unknown field', '{"type":"ping","x":1}', 'bad-frame'],
  ])('%s is an error, and the socket goes on', async (_what, text, code) => {
    const socket = await cluster.socket(ana.token);
    socket.send(text);
    expect(await socket.frame('error')).toMatchObject({ code });
    expect(await socket.done('message.post', { room: 'general', text: 'on' })).toMatchObject({ outcome: { ok: true } });
  });

  it.each([
    ['an unknown kind', 'message.forge', { room: 'general' }, 'unknown-command'],
    ['a body of the wrong shape', 'message.post', { room: 'general', text: 5 }, 'bad-request'],
    ['no body', 'message.post', null, 'bad-request'],
    ['a body that names its author', 'message.post', { room: 'general', text: 'x', by: 'system' }, 'bad-request'],
    [
      'too long a text',
      'message.post',
      { room: 'general', text: 'x'.repeat(limits.messageTextMaxChars + 1) },
      'text-too-long',
    ],
  ])('a command with %s is refused by its id', async (_what, kind, body, code) => {
    const socket = await cluster.socket(ana.token);
    const id = newCommandId();
    socket.send({ type: 'do', id, kind, body });
    expect(await socket.frame('error', (frame) => frame.id === id)).toMatchObject({ code });
  });

  it('a command whose id is none is refused', async () => {
    const socket = await cluster.socket(ana.token);
    socket.send({ type: 'do', id: 'x', kind: 'message.post', body: {} });
    expect(await socket.frame('error')).toMatchObject({ code: 'bad-id' });
  });

  it('what the chat refuses is an outcome, in the log like any other', async () => {
    const socket = await cluster.socket(ana.token);
    const done = await socket.done('message.post', { room: 'nowhere', text: 'x' });
    expect(done).toMatchObject({ outcome: { ok: false, code: 'no-such-room' }, stored: 1 });
    expect(done.index).toBeGreaterThan(0);
  });

  it('malformed JSON ends the socket', async () => {
    const socket = await cluster.socket(ana.token);
    socket.send('{"type":');
    expect((await socket.closed).code).toBe(closeCodes.badFrame);
  });

  it('a binary frame ends the socket', async () => {
    const socket = await cluster.socket(ana.token);
    socket.ws.send(Buffer.from('{"type":"ping"}'));
    expect((await socket.closed).code).toBe(closeCodes.badFrame);
  });

  it('a frame above the limit ends the socket', async () => {
    const socket = await cluster.socket(ana.token);
    socket.send(`"${'x'.repeat(limits.socketFrameMaxBytes)}"`);
    expect((await socket.closed).code).toBe(closeCodes.tooLarge);
  });

  it('a client is told of commands that are one too many in flight, and may send them again', async () => {
    let held: Promise<void> = Promise.resolve();
    const slow = await startTestCluster({
      limits: { socketInFlightMax: 8 },
      wrap: (log) => delegate(log, { append: (entry) => held.then(() => log.append(entry)) }),
    });
    try {
      const socket = await slow.socket((await slow.join('Ana')).token);
      const gate = Promise.withResolvers<void>();
      held = gate.promise;
      const ids = Array.from({ length: 20 }, (_, n) => socket.do('message.post', { room: 'general', text: `${n}` }));
      await socket.until(() => socket.frames.filter(({ type }) => type === 'error').length === 12);
      const refused = socket.frames.flatMap((frame) => (frame.type === 'error' ? [frame] : []));
      expect(refused).toEqual(ids.slice(8).map((id) => expect.objectContaining({ id, code: 'too-many-in-flight' })));
      gate.resolve();
      await Promise.all(ids.slice(0, 8).map((id) => socket.frame('done', (frame) => frame.id === id)));
      expect(await socket.done('message.post', { room: 'general', text: '8' }, ids[8])).toMatchObject({
        outcome: { ok: true },
      });
    } finally {
      await slow.close();
    }
  });

  it('a ping is answered', async () => {
    const socket = await cluster.socket(ana.token);
    socket.send({ type: 'ping' });
    await socket.frame('pong');
  });

  it('a client that answers nothing is given up', async () => {
    const socket = cluster.rawSocket(0, { autoPong: false });
    await socket.open();
    socket.send({ type: 'hello', token: ana.token });
    await socket.frame('welcome');
    expect((await socket.closed).code).toBe(1006);
  });

  it('a live client is shown signs of life that its script can see', async () => {
    const socket = await cluster.socket(ana.token);
    const beat = await socket.frame('events', ({ events }) => events.length === 0);
    expect(beat).toMatchObject({ room: null, upto: expect.any(Number) });
  });
});

describe('upgrade requests', () => {
  const head = 'Host: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n';
  it.each([
    ['another address', `GET /other HTTP/1.1\r\n${head}\r\n`, 404],
    ['no key', `GET /ws HTTP/1.1\r\n${head}Sec-WebSocket-Version: 13\r\n\r\n`, 400],
    ['a key that is none', `GET /ws HTTP/1.1\r\n${head}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n\r\n`, 400],
    [
      'another method',
      `POST /ws HTTP/1.1\r\n${head}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
      405,
    ],
    ['another protocol', 'GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n', 404],
  ])('with %s are refused', async (_what, request, status) => {
    const { port, hostname } = new URL(cluster.url());
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      let text = '';
      socket.on('data', (data) => {
        text += data;
        // What is refused as a request and not as an upgrade leaves its connection open for the next one.
        if (text.includes('\r\n\r\n')) socket.end();
      });
      socket.on('error', reject);
      socket.on('close', () => resolve(text));
      socket.write(request);
    });
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });

  it('that break off at once do no harm', async () => {
    const { port, hostname } = new URL(cluster.url());
    for (let n = 0; n < 50; n++) {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => {});
      socket.write(
        `GET /ws HTTP/1.1\r\n${head}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
      );
      socket.resetAndDestroy();
    }
  });
});
