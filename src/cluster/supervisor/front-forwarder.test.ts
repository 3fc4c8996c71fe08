import { connect, createServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { type FrontForwarder, hostFor, startFrontForwarder } from './front-forwarder.ts';
import { isLoopback, portTrouble } from './network.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const serve = (onConnection: (socket: Socket) => void): Promise<number> =>
  new Promise((resolve) => {
    const server: Server = createServer({ allowHalfOpen: true }, onConnection).listen(0, '127.0.0.1', () => {
      resolve((server.address() as { port: number }).port);
    });
    open.push(server);
  });

const forward = async (targets: () => readonly number[]): Promise<FrontForwarder> => {
  const forwarder = await startFrontForwarder({ host: '127.0.0.1', port: 0, targets });
  open.push(forwarder);
  return forwarder;
};

/** What comes back for `sent`, our side being closed after it. */
const exchange = async (port: number, sent: string | Buffer): Promise<string> => {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  socket.end(sent);
  return text(socket);
};

/** A port that nobody listens on. */
const deadPort = async (): Promise<number> => {
  const port = await serve(() => undefined);
  await new Promise<void>((resolve) => (open.pop() as Server).close(() => resolve()));
  return port;
};

describe('the forwarder of the front door', () => {
  test('passes bytes on in both directions, to the end of each', async () => {
    const port = await serve((socket) => {
      let bytes = 0;
      socket.on('data', (chunk) => {
        bytes += chunk.length;
      });
      socket.on('end', () => socket.end(`${bytes} bytes, thanks`));
    });
    const forwarder = await forward(() => [port]);
    expect(await exchange(forwarder.port, Buffer.alloc(3_000_000, 'x'))).toBe('3000000 bytes, thanks');
  });

  test('tries the next server when one does not listen', async () => {
    const dead = await deadPort();
    const port = await serve((socket) => socket.end('here'));
    const forwarder = await forward(() => [dead, port]);
    expect(await exchange(forwarder.port, '')).toBe('here');
  });

  test('ends the connection when nobody listens', async () => {
    const dead = await deadPort();
    const forwarder = await forward(() => [dead]);
    expect(await exchange(forwarder.port, '').catch(() => '')).toBe('');
  });

  test('gives its port back when it is closed, whatever is still open', async () => {
    const port = await serve((socket) => socket.write('stay'));
    const forwarder = await forward(() => [port]);
    const client = connect(forwarder.port, '127.0.0.1');
    await new Promise((resolve) => client.once('data', resolve));
    await forwarder.close();
    open.splice(open.indexOf(forwarder), 1);
    expect(await portTrouble('127.0.0.1', forwarder.port)).toBeNull();
  });

  test('does not make a stranger look like this machine itself', () => {
    expect(hostFor('127.0.0.1', '0.0.0.0')).toBe('127.0.0.1');
    expect(hostFor('::ffff:127.0.0.1', '0.0.0.0')).toBe('127.0.0.1');
    expect(hostFor('192.0.2.7', '198.51.100.1')).toBe('198.51.100.1');
    expect(hostFor('192.0.2.7', '127.0.0.1')).toBeNull();
    expect(isLoopback(hostFor('192.0.2.7', '0.0.0.0') ?? '')).toBe(false);
  });
});
