import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scriptedServer, welcomeOf, welcoming } from '../../test/support/scripted-server.ts';
import { newCommandId } from '../protocol/index.ts';
import { connect } from './index.ts';
import { sqliteOutbox } from './node.ts';
import type { OutboxEntry } from './outbox.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'estafet-outbox-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const entry = (text: string): OutboxEntry => ({
  id: newCommandId(),
  kind: 'message.post',
  body: { room: 'general', text },
  by: null,
});

describe('an outbox in a file', () => {
  it('has what was added, in that order and once, until it is removed, for the next who opens it', async () => {
    const path = join(folder, 'outbox.db');
    const entries = ['a', 'b', 'c'].map(entry);
    const first = sqliteOutbox(path);
    for (const one of [...entries, entries[0]!]) await first.add(one);
    await first.remove(entries[1]!.id);
    await first.remove('no such id');
    first.close?.();
    const second = sqliteOutbox(path);
    expect(await second.all()).toEqual([entries[0], entries[2]]);
    expect(second.lasting).toBe(true);
    second.close?.();
  });

  it('is one program’s at a time, and says so', () => {
    const path = join(folder, 'outbox.db');
    const first = sqliteOutbox(path);
    expect(() => sqliteOutbox(path)).toThrow(expect.objectContaining({ code: 'storage-refused' }));
    first.close?.();
    sqliteOutbox(path).close?.();
    expect(() => sqliteOutbox(join(folder, 'no', 'such', 'folder.db'))).toThrow(
      expect.objectContaining({ code: 'storage-refused' }),
    );
  });

  it('has what one run could not send sent by the next', async () => {
    const path = join(folder, 'outbox.db');
    const away = connect({ servers: ['http://127.0.0.1:1'], outbox: sqliteOutbox(path) });
    const ends = ['first', 'second'].map((text) => away.room('general').send(text));
    away.close();
    expect((await Promise.allSettled(ends)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);

    const server = await scriptedServer('s1');
    const sent: unknown[] = [];
    welcoming([server]);
    server.onFrame = (frame, socket) => {
      if (frame.type === 'hello') return void socket.send(welcomeOf(server, 0, [server]));
      if (frame.type !== 'do') return;
      sent.push((frame.body as { text: string }).text);
      socket.send({ type: 'done', id: frame.id, index: sent.length, outcome: { ok: true }, stored: 1 });
    };
    const back = connect({ servers: [server.url], outbox: sqliteOutbox(path) });
    await expect.poll(() => sent).toEqual(['first', 'second']);
    await expect.poll(() => back.pending).toEqual([]);
    back.close();
    await server.close();
    // Closed in its turn, behind what was still to be written.
    await expect.poll(() => leftIn(path)).toEqual([]);
  });
});

const leftIn = async (path: string): Promise<unknown> => {
  try {
    const outbox = sqliteOutbox(path);
    const left = await outbox.all();
    outbox.close?.();
    return left;
  } catch (error) {
    return error;
  }
};
