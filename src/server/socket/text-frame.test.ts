import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { textFrame } from './text-frame.ts';

/** What a client reads when these bytes are written to its connection. */
const read = async (bytes: Buffer): Promise<string> => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (_ws, request) => request.socket.write(bytes));
  await new Promise((resolve) => server.once('listening', resolve));
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    return await new Promise<string>((resolve, reject) => {
      client.on('message', (data) => resolve(data.toString()));
      client.on('error', reject);
    });
  } finally {
    client.terminate();
    server.close();
  }
};

describe('a text frame', () => {
  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 100_000])('of %i bytes is read back whole', async (length) => {
    const text = 'x'.repeat(length);
    expect(await read(textFrame(text))).toBe(text);
  });

  it('counts bytes, not characters', async () => {
    const text = 'ação 🙂'.repeat(30);
    expect(await read(textFrame(text))).toBe(text);
  });
});
