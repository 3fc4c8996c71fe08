import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { walDamage } from './wal-damage.ts';

const frameBytes = 24 + 4_096;

describe('R15 a write-ahead log', () => {
  let folder: string;
  let wal: string;
  let whole: Buffer;

  /** Four transactions that are synced, each of several pages, and one more. */
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'estafet-wal-'));
    wal = join(folder, 'copy-wal');
    const db = new DatabaseSync(join(folder, 'a.db'));
    db.exec('PRAGMA journal_mode = WAL; CREATE TABLE a (b)');
    for (let at = 0; at < 4; at++) db.prepare('INSERT INTO a VALUES (?)').run('x'.repeat(10_000 + at));
    copyFileSync(join(folder, 'a.db-wal'), wal);
    db.close();
    whole = readFileSync(wal);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const flipped = (at: number): string | null => {
    const bytes = Buffer.from(whole);
    bytes[at]! ^= 1;
    writeFileSync(wal, bytes);
    return walDamage(wal);
  };
  const lastCommitAt = (): number => {
    let last = 0;
    for (let at = 32; at < whole.length; at += frameBytes) if (whole.readUInt32BE(at + 4) !== 0) last = at;
    return last;
  };

  test('that is whole, empty or not there is not damaged', () => {
    expect(walDamage(wal)).toBeNull();
    expect(walDamage(join(folder, 'none'))).toBeNull();
    writeFileSync(wal, '');
    expect(walDamage(wal)).toBeNull();
  });

  test('that a crash has cut short or torn in its last transaction is not damaged', () => {
    expect((whole.length - 32) / frameBytes).toBeGreaterThan(9);
    expect(lastCommitAt()).toBe(whole.length - frameBytes);
    for (const at of [1, 3]) expect(flipped(whole.length - at * frameBytes + 500)).toBeNull();
    writeFileSync(wal, whole);
    for (let size = whole.length; size > 0; size -= 1_777) {
      truncateSync(wal, size);
      expect(walDamage(wal)).toBeNull();
    }
  });

  test('in which a bit has turned over before that is damaged, wherever it is', () => {
    for (let at = 0; at < whole.length - 5 * frameBytes; at += 389) expect(flipped(at), `byte ${at}`).not.toBeNull();
  });

  test('that was begun anew over an older one is not damaged by what is left of that', () => {
    const path = join(folder, 'b.db');
    const db = new DatabaseSync(path);
    db.exec('PRAGMA journal_mode = WAL; CREATE TABLE a (b)');
    for (let at = 0; at < 9; at++) db.prepare('INSERT INTO a VALUES (?)').run('x'.repeat(10_000));
    db.exec('PRAGMA wal_checkpoint(RESTART)');
    db.exec('INSERT INTO a VALUES (1)');
    expect(readFileSync(`${path}-wal`).length).toBeGreaterThan(20 * frameBytes);
    expect(walDamage(`${path}-wal`)).toBeNull();
    db.close();
  });
});
