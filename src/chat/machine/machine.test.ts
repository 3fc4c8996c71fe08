import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { limits } from '../../protocol/index.ts';
import { contentHash } from '../content-hash.ts';
import { openChat } from '../index.ts';
import { openDatabase } from '../schema.ts';
import { type Scene, scene, sha256, testId, testLog, verdict } from '../test-log.ts';
import { openMachine } from './machine.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'estafet-'));
  path = join(folder, 'chat.db');
});
afterEach(() => rm(folder, { recursive: true }));

describe('R11 the position', () => {
  test('is 0 in a new database', () => {
    const chat = openChat(path);
    expect(chat.position).toEqual({ index: 0, hash: '' });
    expect(chat.apply([])).toEqual([]);
    chat.close();
  });

  test('moves with what was applied, with marks and with refusals, and is there after opening again', () => {
    const s = scene(openChat(path));
    s.person('Ann');
    s.say('nobody', 'room.create', { name: 'x' });
    expect(s.chat.apply([s.log.mark()])).toEqual([]);
    const position = { index: 3, hash: sha256('3') };
    expect(s.chat.position).toEqual(position);
    s.chat.close();
    const again = openChat(path);
    expect(again.position).toEqual(position);
    expect(again.users()).toHaveLength(1);
    again.close();
  });

  test('refuses a gap and a repetition, and applies nothing of them', () => {
    const log = testLog();
    const chat = openChat(path);
    const entries = [log.mark(), log.mark(), log.mark()];
    chat.apply(entries.slice(0, 1));
    expect(() => chat.apply(entries.slice(0, 1))).toThrow('entry 1 cannot be applied after 1');
    expect(() => chat.apply(entries.slice(2))).toThrow('entry 3 cannot be applied after 1');
    expect(() => chat.apply([entries[1]!, entries[1]!])).toThrow('entry 2 cannot be applied after 2');
    expect(chat.position.index).toBe(1);
    chat.apply(entries.slice(1));
    chat.close();
  });

  test('and the content move together or not at all, when the disk is full half way', () => {
    const log = testLog();
    const db = openDatabase(path);
    const machine = openMachine(db, { outcomesKeptPositions: 40, eventsKeptPositions: 20, stepPositions: 10 });
    const tokenHash = sha256('t');
    const [joined] = machine.apply([
      log.command('system', 'user.join', { name: 'Ann', local: true, tokenHash, device: '' }),
    ]);
    const before = contentHash(db);
    const pages = Number(db.prepare('PRAGMA page_count').get()?.page_count);
    const entries = Array.from({ length: 50 }, (_, n) =>
      log.command(joined!.id, 'room.create', { name: `room-${n}`, topic: 'x'.repeat(250) }),
    );

    db.exec(`PRAGMA max_page_count = ${pages + 2}`);
    expect(() => machine.apply(entries)).toThrow(/full/);
    expect(contentHash(db)).toBe(before);
    expect(machine.position.index).toBe(1);

    db.exec('PRAGMA max_page_count = 1000000');
    expect(machine.apply(entries).map(verdict)).toEqual(entries.map(() => 'ok'));
    expect(machine.position.index).toBe(51);
    db.close();
  });
});

describe('an entry that fails by a mistake of ours', () => {
  test('fails alone, gets the same answer everywhere, and leaves nothing behind', () => {
    const s = scene(openChat(path));
    const ann = s.person('Ann');
    // The mistake: a trigger that nobody expects.
    const other = new DatabaseSync(path);
    other.exec(`CREATE TRIGGER broken BEFORE INSERT ON members WHEN (SELECT name FROM rooms WHERE num = new.room) = 'bad'
                BEGIN SELECT RAISE(ABORT, 'broken'); END`);
    other.close();
    const entries = ['good', 'bad', 'fine'].map((name) => s.log.command(ann, 'room.create', { name }));
    expect(s.chat.apply(entries).map(verdict)).toEqual(['ok', 'internal', 'ok']);
    expect(s.chat.rooms(ann).map(({ name }) => name)).toEqual(['general', 'good', 'fine']);
    expect(s.say(ann, 'room.join', { room: 'bad' })).toBe('no-such-room');
    expect(s.chat.apply([s.log.bytes(entries[1]!.body, entries[1]!.id)])[0]).toMatchObject({
      outcome: { ok: false, code: 'internal' },
      firstIndex: entries[1]!.index,
    });
    s.chat.close();
  });
});

test('R20 what a failed entry rolls back is forgotten in memory too, however the log is cut', () => {
  const retention = { outcomesKeptPositions: 40, eventsKeptPositions: 20, stepPositions: 10 };
  const results = [1, 60].map((size) => {
    const db = openDatabase(':memory:');
    db.exec(
      `CREATE TRIGGER broken BEFORE INSERT ON members WHEN new.room = 2 BEGIN SELECT RAISE(ABORT, 'broken'); END`,
    );
    const machine = openMachine(db, retention);
    const log = testLog();
    const tokenHash = sha256('t');
    const ann = log.command('system', 'user.join', { name: 'Ann', local: true, tokenHash, device: '' }).id;
    while (log.entries.length < 44) log.mark();
    // The first positions are forgotten at 50: only then is an id of their time too old.
    log.command(ann, 'read.mark', { room: 'general', index: 0 }, testId(log.entries[4]!.at, 'old'));
    while (log.entries.length < 50) log.mark();
    log.command(ann, 'read.mark', { room: 'general', index: 0 }, testId(log.entries[4]!.at, 'other'));
    log.command(ann, 'room.create', { name: 'bad' });
    const applied = [];
    for (let at = 0; at < log.entries.length; at += size)
      applied.push(...machine.apply(log.entries.slice(at, at + size)));
    const result = { verdicts: applied.map(verdict), hash: contentHash(db) };
    db.close();
    return result;
  });
  expect(results[0]?.verdicts).toEqual(['ok', 'ok', 'id-too-old', 'internal']);
  expect(results[1]).toEqual(results[0]);
});

describe('bytes of any kind get an answer', () => {
  let s: Scene;
  let ann: string;
  beforeEach(() => {
    s = scene(openChat(':memory:'));
    ann = s.person('Ann');
  });
  afterEach(() => s.chat.close());

  const send = (text: string, id?: string) => verdict(s.chat.apply([s.log.bytes(Buffer.from(text), id)])[0]!);
  const post = (body: unknown) => send(JSON.stringify({ by: ann, kind: 'message.post', body }));

  test.each([
    ['', 'bad-json'],
    ['{', 'bad-json'],
    ['[]', 'bad-request'],
    ['null', 'bad-request'],
    ['"text"', 'bad-request'],
    ['{"by":1,"kind":"room.join","body":{}}', 'bad-request'],
    ['{"by":"","kind":"room.join","body":{}}', 'bad-request'],
    ['{"by":"\\ud800","kind":"room.join","body":{}}', 'bad-request'],
    ['{"by":"a\\u0000b","kind":"room.join","body":{}}', 'bad-request'],
    ['{"by":"system","kind":"room.join"}', 'bad-request'],
    ['{"by":"system","kind":"room.join","body":{},"at":1}', 'bad-request'],
    ['{"by":"system","kind":"room.join","body":{},"__proto__":1}', 'bad-request'],
    ['{"by":"system","kind":"nothing","body":{}}', 'unknown-command'],
    ['{"by":"system","kind":"__proto__","body":{}}', 'unknown-command'],
    ['{"by":"system","kind":"toString","body":{}}', 'unknown-command'],
    ['{"by":"nobody","kind":"room.join","body":{"room":"general"}}', 'no-such-user'],
    ['['.repeat(60_000), 'bad-json'],
    [`${'['.repeat(30_000)}${']'.repeat(30_000)}`, 'bad-request'],
    ['x'.repeat(limits.commandMaxBytes + 1), 'too-large'],
  ])('%.40s… is %s', (text, code) => {
    expect(send(text)).toBe(code);
    expect(s.chat.position.index).toBe(2);
  });

  test('bytes that are not UTF-8', () => {
    const body = Buffer.from(`{"by":"${ann}","kind":"message.post","body":{"room":"general","text":"\xff"}}`, 'latin1');
    expect(verdict(s.chat.apply([s.log.bytes(body)])[0]!)).toBe('bad-json');
  });

  test.each([
    [null],
    [[]],
    [{}],
    [{ room: 'general' }],
    [{ room: 'general', text: 1 }],
    [{ room: '', text: 'x' }],
    [{ room: 'x'.repeat(65), text: 'x' }],
    [{ room: 'general', text: 'x', more: 1 }],
    [{ room: 'general', text: 'x'.repeat(8_001), more: 1 }],
  ])('a body of the wrong shape: %j', (body) => {
    expect(post(body)).toBe('bad-request');
  });

  test('an id that is not a command’s', () => {
    const body = JSON.stringify({ by: ann, kind: 'message.post', body: { room: 'general', text: 'x' } });
    for (const id of ['', 'x', '\ud800', s.log.newId().toUpperCase(), '00000000-0000-4000-8000-000000000000']) {
      expect(send(body, id)).toBe('bad-id');
      expect(send(body, id)).toBe('bad-id');
    }
    expect(s.chat.page('general', { limit: 10 }).messages).toEqual([]);
  });

  test('R12 a refusal of garbage is the first answer to its id', () => {
    const id = s.log.newId();
    expect(send('{', id)).toBe('bad-json');
    expect(send('[]', id)).toBe('bad-json');
  });

  test('never throws', () => {
    const anyBody = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((text) => Buffer.from(text)),
      fc
        .record({
          by: fc.oneof(fc.constant('system'), fc.constant(ann), fc.string({ unit: 'binary' })),
          kind: fc.oneof(
            fc.constantFrom('message.post', 'room.create', 'user.join', 'token.issue', 'read.mark', 'message.edit'),
            fc.string(),
          ),
          body: fc.oneof(
            fc.record(
              {
                room: fc.oneof(fc.constant('general'), fc.string({ unit: 'binary' })),
                text: fc.string({ unit: 'binary' }),
                name: fc.string({ unit: 'binary', maxLength: 50 }),
                message: fc.string({ unit: 'binary', maxLength: 70 }),
                index: fc.oneof(fc.integer(), fc.double()),
                role: fc.constantFrom('owner', 'guest'),
                local: fc.boolean(),
                device: fc.string({ unit: 'binary' }),
                tokenHash: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((b) => Buffer.from(b).toString('hex')),
              },
              { requiredKeys: [] },
            ),
            fc.anything(),
          ),
        })
        .map((value) => Buffer.from(JSON.stringify(value) ?? '')),
    );
    fc.assert(
      fc.property(fc.array(anyBody, { minLength: 1, maxLength: 20 }), (bodies) => {
        const before = s.chat.position.index;
        const applied = s.chat.apply(bodies.map((body) => s.log.bytes(body)));
        expect(applied).toHaveLength(bodies.length);
        expect(applied.map(verdict)).not.toContain('internal');
        expect(s.chat.position.index).toBe(before + bodies.length);
      }),
      { numRuns: 150 },
    );
  });
});
