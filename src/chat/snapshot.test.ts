import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Chat, openChat } from './chat.ts';
import { randomLog } from './random-log.ts';
import { snapshotPlace, writeSnapshot } from './snapshot.ts';

describe('R18 a snapshot of the chat', () => {
  let folder: string;
  let open: Chat[];
  const chat = (name: string): Chat => {
    const one = openChat(join(folder, name));
    open.push(one);
    return one;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'estafet-chat-'));
    open = [];
  });
  afterEach(() => {
    for (const one of open) one.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('holds everything, says where it was made, and what comes after it has the same effect', async () => {
    const log = randomLog(7, 600);
    const whole = chat('whole.db');
    whole.apply(log.slice(0, 400));
    const path = join(folder, 'one.snapshot');
    await writeSnapshot(join(folder, 'whole.db'), path);
    expect(snapshotPlace(path)).toEqual({ index: 400, hash: Buffer.from(whole.position.hash, 'hex') });

    const other = chat('other.db');
    other.apply(log.slice(0, 10));
    await other.install(path);
    expect(other.position).toEqual(whole.position);
    expect(other.contentHash()).toBe(whole.contentHash());
    const expected = whole.apply(log.slice(400)).map(({ outcome }) => outcome);
    expect(other.apply(log.slice(400)).map(({ outcome }) => outcome)).toEqual(expected);
    expect(other.contentHash()).toBe(whole.contentHash());
    // What was installed is a copy: the snapshot itself is as it was made.
    expect(snapshotPlace(path).index).toBe(400);
  });

  it('is of one moment, whatever is applied while it is written', async () => {
    const log = randomLog(8, 3_000);
    const whole = chat('whole.db');
    const path = join(folder, 'one.snapshot');
    whole.apply(log.slice(0, 1_000));
    const writing = writeSnapshot(join(folder, 'whole.db'), path);
    for (let at = 1_000; at < 3_000; at += 50) {
      whole.apply(log.slice(at, at + 50));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await writing;
    const { index } = snapshotPlace(path);
    const again = chat('again.db');
    again.apply(log.slice(0, index));
    const other = chat('other.db');
    await other.install(path);
    expect(other.contentHash()).toBe(again.contentHash());
  });

  it('that is no chat database has no place, and what could not be written leaves nothing', async () => {
    const path = join(folder, 'no.snapshot');
    writeFileSync(path, 'not a database, and long enough to have a header'.repeat(10));
    expect(() => snapshotPlace(path)).toThrow();
    chat('whole.db');
    await expect(writeSnapshot(join(folder, 'whole.db'), join(folder, 'none', 'x.snapshot'))).rejects.toThrow();
    expect(() => readFileSync(join(folder, 'none', 'x.snapshot'))).toThrow();
  });
});
