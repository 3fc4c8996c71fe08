import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Applied, type Chat, type LogEntry, openChat, type Retention } from './index.ts';
import { randomLog } from './random-log.ts';
import { scene, verdict } from './test-log.ts';

/** Small, so that a short log sees everything expire many times. */
const retention: Retention = { outcomesKeptPositions: 60, eventsKeptPositions: 40, stepPositions: 20 };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'estafet-'));
});
afterEach(() => rm(folder, { recursive: true }));

interface Result {
  readonly applied: readonly Applied[];
  readonly hash: string;
}

const finish = (chat: Chat, applied: readonly Applied[]): Result => {
  const result = { applied, hash: chat.contentHash() };
  chat.close();
  return result;
};

const oneByOne = (entries: readonly LogEntry[]): Result => {
  const chat = openChat(':memory:', retention);
  const applied = entries.flatMap((entry) => chat.apply([entry]));
  return finish(chat, applied);
};

const inBatches = (entries: readonly LogEntry[], sizes: readonly number[]): Result => {
  const chat = openChat(':memory:', retention);
  const applied: Applied[] = [];
  for (let at = 0, turn = 0; at < entries.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    applied.push(...chat.apply(entries.slice(at, at + size)));
    at += size;
  }
  return finish(chat, applied);
};

let files = 0;
const reopened = (entries: readonly LogEntry[], at: number): Result => {
  const path = join(folder, `${files++}.db`);
  const first = openChat(path, retention);
  const applied = [...first.apply(entries.slice(0, at))];
  first.close();
  const second = openChat(path, retention);
  expect(second.position.index).toBe(at);
  applied.push(...second.apply(entries.slice(at)));
  return finish(second, applied);
};

const seeds = fc.integer({ min: 0, max: 2 ** 30 });

test('R20 the same log gives the same content and outcomes, however it is cut into batches', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(seeds, sizes, (seed, cuts) => {
      const entries = randomLog(seed, 300);
      const expected = oneByOne(entries);
      expect(inBatches(entries, cuts)).toEqual(expected);
      expect(inBatches(entries, [entries.length])).toEqual(expected);
    }),
    { numRuns: 25 },
  );
});

test('R20 the same log gives the same content and outcomes after closing and opening half way', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 299 }), (seed, at) => {
      const entries = randomLog(seed, 300);
      expect(reopened(entries, at)).toEqual(inBatches(entries, [300]));
    }),
    { numRuns: 15 },
  );
});

test('R20 a log that differs in one letter gives other content', () => {
  const hashOf = (text: string): string => {
    const s = scene(openChat(':memory:', retention));
    s.post(s.person('Ann'), 'general', text);
    const hash = s.chat.contentHash();
    s.chat.close();
    return hash;
  };
  expect(hashOf('hello')).toBe(hashOf('hello'));
  expect(hashOf('hello')).not.toBe(hashOf('hallo'));
});

test('the random logs reach most of what can happen', () => {
  const seen = new Map<string, number>();
  const see = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);
  for (let seed = 0; seed < 30; seed++) {
    for (const entry of oneByOne(randomLog(seed, 400)).applied) {
      see(verdict(entry));
      for (const { event } of entry.events) {
        see(event.type);
        if (event.type === 'message.posted') {
          if (event.message.replyTo) see('message.replied');
          if (event.message.mentions) see('message.mentioned');
          if (event.message.files) see('message.with-files');
        }
        if (event.type === 'user.changed' && event.user.avatar !== undefined) see('picture.set');
      }
      if (entry.outcome.ok && entry.outcome.room !== undefined) see('direct.opened');
      if (entry.piecesFreed.length > 0) see('file.freed');
    }
  }
  expect(seen.has('internal')).toBe(false);
  for (const what of [
    ...['ok', 'bad-json', 'bad-request', 'id-reused', 'id-too-old', 'name-taken', 'name-invalid', 'room-name-taken'],
    ...['room-name-invalid', 'no-such-room', 'no-such-message', 'no-such-user', 'not-a-member', 'not-the-author'],
    ...['text-empty', 'message-deleted', 'cannot-leave-general', 'not-allowed', 'session-ended', 'room-archived'],
    ...['room-direct', 'emoji-invalid', 'no-such-file', 'file-name-invalid', 'offset-mismatch', 'upload-incomplete'],
    ...['upload-finished', 'checksum-mismatch'],
    ...['message.posted', 'message.edited', 'message.deleted', 'room.created', 'room.joined', 'room.left'],
    ...['user.joined', 'user.changed', 'read.marked', 'message.reacted', 'message.pinned', 'room.changed'],
    ...['room.notified', 'message.replied', 'message.mentioned', 'message.with-files', 'direct.opened', 'file.freed'],
    ...['picture.set'],
  ]) {
    expect(seen.get(what) ?? 0, what).toBeGreaterThan(2);
  }
});

test('R14 time zone and language of the process change nothing', async () => {
  const program = `
    import { openChat } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
    import { randomLog } from ${JSON.stringify(join(import.meta.dirname, 'random-log.ts'))};
    const chat = openChat(':memory:', ${JSON.stringify(retention)});
    const applied = chat.apply(randomLog(7, 600));
    console.log(chat.contentHash(), JSON.stringify(applied).length);`;
  const environments = [
    { TZ: 'UTC', LANG: 'C', LC_ALL: 'C' },
    { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
    { TZ: 'America/St_Johns', LANG: 'de_DE.UTF-8', LC_ALL: 'lt_LT.UTF-8' },
  ];
  const outputs = await Promise.all(
    environments.map(async (env) => {
      const args = ['--input-type=module-typescript', '--eval', program];
      const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, ...env } });
      return stdout;
    }),
  );
  const expected = inBatches(randomLog(7, 600), [600]);
  expect(new Set(outputs)).toEqual(new Set([`${expected.hash} ${JSON.stringify(expected.applied).length}\n`]));
});
