import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openChat, type Retention } from '../index.ts';
import { type Scene, scene, testId, testLog, verdict } from '../test-log.ts';

const small: Retention = { outcomesKeptPositions: 40, eventsKeptPositions: 20, stepPositions: 10 };

let folder: string;
let s: Scene;
let ann: string;
let bob: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'estafet-'));
  s = scene(openChat(join(folder, 'chat.db'), small));
  ann = s.person('Ann');
  bob = s.person('Bob');
});
afterEach(async () => {
  s.chat.close();
  await rm(folder, { recursive: true });
});

const messages = () => s.chat.page('general', { limit: 200 }).messages.map(({ text }) => text);

describe('R12 a retry gets the first answer', () => {
  test('and has no second effect, events or ended sessions', () => {
    const first = s.post(ann, 'general', 'once');
    const again = s.run(ann, 'message.post', { room: 'general', text: 'once' }, first.id);
    expect(again).toEqual({
      index: first.index + 1,
      id: first.id,
      outcome: { ok: true },
      firstIndex: first.index,
      events: [],
      sessionsEnded: [],
      piecesFreed: [],
    });
    expect(messages()).toEqual(['once']);
    expect(s.chat.outcome(first.id)).toEqual({ index: first.index, outcome: { ok: true } });
  });

  test('within one batch', () => {
    const entry = s.log.command(ann, 'message.post', { room: 'general', text: 'once' });
    const copy = s.log.bytes(entry.body, entry.id);
    const applied = s.chat.apply([entry, copy]);
    expect(applied.map(({ firstIndex }) => firstIndex)).toEqual([entry.index, entry.index]);
    expect(messages()).toEqual(['once']);
  });

  test('a refusal, even when the command would now be taken', () => {
    const refused = s.run(ann, 'room.join', { room: 'plans' });
    expect(verdict(refused)).toBe('no-such-room');
    s.room(bob, 'plans');
    const again = s.run(ann, 'room.join', { room: 'plans' }, refused.id);
    expect(again).toMatchObject({ outcome: { ok: false, code: 'no-such-room' }, firstIndex: refused.index });
    expect(s.say(ann, 'room.join', { room: 'plans' })).toBe('ok');
  });

  test('an acceptance, even when the command would now be refused', () => {
    const { id } = s.run(ann, 'room.create', { name: 'plans' });
    expect(s.say(ann, 'room.create', { name: 'plans' }, id)).toBe('ok');
    expect(s.say(ann, 'room.create', { name: 'plans' })).toBe('room-name-taken');
  });

  test('the person that came of it', () => {
    const body = { name: 'Cy', local: false, tokenHash: 'c'.repeat(64), device: '' };
    const first = s.run('system', 'user.join', body);
    expect(s.run('system', 'user.join', body, first.id).outcome).toEqual({ ok: true, user: first.id });
  });

  test('whatever else it says this time', () => {
    const { id } = s.post(ann, 'general', 'once');
    expect(s.say(ann, 'message.post', { room: 'general', text: 'twice' }, id)).toBe('ok');
    expect(s.say(ann, 'room.create', { name: 'plans' }, id)).toBe('ok');
    expect(messages()).toEqual(['once']);
    expect(s.chat.room('plans', ann)).toBeNull();
  });

  test('after more commands, and after the database was closed and opened again', () => {
    const first = s.run(ann, 'room.create', { name: 'plans' });
    for (let n = 0; n < 10; n++) s.post(bob, 'general', `${n}`);
    s.chat.close();
    s = scene(openChat(join(folder, 'chat.db'), small), s.log);
    expect(s.run(ann, 'room.create', { name: 'plans' }, first.id)).toMatchObject({
      outcome: { ok: true },
      firstIndex: first.index,
    });
  });
});

describe('R12 an id belongs to who used it first', () => {
  test.each(['a post', 'a join'])('and refuses others: %s', (what) => {
    const post = () => s.post(ann, 'general', 'mine');
    const read = () => s.run(ann, 'read.mark', { room: 'general', index: 0 });
    const { id } = what === 'a post' ? post() : read();
    const stolen = s.run(bob, 'message.post', { room: 'general', text: 'theirs' }, id);
    expect(stolen).toMatchObject({ outcome: { ok: false, code: 'id-reused' }, events: [], firstIndex: stolen.index });
    expect(messages()).not.toContain('theirs');
    expect(s.say(ann, 'read.mark', { room: 'general', index: 0 }, id)).toBe('ok');
    expect(s.chat.outcome(id)?.outcome).toEqual({ ok: true });
    expect(s.chat.outcome(id, ann)?.outcome).toEqual({ ok: true });
    expect(s.chat.outcome(id, bob)?.outcome).toEqual({ ok: false, code: 'id-reused' });
  });
});

describe('R12 outcomes are forgotten by log position', () => {
  test('not before the kept positions have passed, then at the next step', () => {
    const { id, index } = s.run(ann, 'room.create', { name: 'plans' });
    expect(index).toBe(3);
    s.passTime(49);
    expect(s.say(ann, 'room.create', { name: 'plans' }, id)).toBe('ok');
    expect(s.chat.position.index).toBe(50);
    expect(s.chat.outcome(id)).toBeNull();
    expect(s.say(ann, 'room.create', { name: 'plans' }, id)).toBe('id-too-old');
    expect(s.say(bob, 'room.create', { name: 'other' }, id)).toBe('id-too-old');
  });

  test('an id as old as what was forgotten is refused, a newer one is not', () => {
    s.passTime(50);
    const horizonAt = s.log.entries[9]!.at;
    const join = (id: string) => s.say(ann, 'read.mark', { room: 'general', index: 0 }, id);
    expect(join(testId(horizonAt - 1, 'a'))).toBe('id-too-old');
    expect(join(testId(horizonAt, 'a'))).toBe('id-too-old');
    expect(join(testId(horizonAt + 1, 'a'))).toBe('ok');
  });

  test('before anything has been forgotten no id is too old', () => {
    s.passTime(49);
    expect(s.say(ann, 'read.mark', { room: 'general', index: 0 }, testId(1, 'a'))).toBe('ok');
  });

  test('a message that was posted answers for ever, to its author alone', () => {
    const first = s.post(ann, 'general', 'once');
    s.passTime(200);
    expect(s.run(ann, 'message.post', { room: 'general', text: 'once' }, first.id)).toMatchObject({
      outcome: { ok: true },
      firstIndex: first.index,
      events: [],
    });
    expect(s.say(bob, 'message.post', { room: 'general', text: 'once' }, first.id)).toBe('id-reused');
    expect(s.chat.outcome(first.id)).toEqual({ index: first.index, outcome: { ok: true } });
    expect(messages()).toEqual(['once']);
  });

  test('also when it has been deleted since', () => {
    const first = s.post(ann, 'general', 'once');
    s.run(ann, 'message.delete', { message: first.id });
    s.passTime(200);
    expect(s.run(ann, 'message.post', { room: 'general', text: 'once' }, first.id).firstIndex).toBe(first.index);
    expect(messages()).toEqual(['']);
  });

  test('a message written long ago and never sent is still taken, once', () => {
    const id = testId(s.log.atMs - 1_000, 'offline');
    s.passTime(200);
    const late = s.run(ann, 'message.post', { room: 'general', text: 'late' }, id);
    expect(late.outcome).toEqual({ ok: true });
    expect(s.run(ann, 'message.post', { room: 'general', text: 'late' }, id).firstIndex).toBe(late.index);
    expect(messages()).toEqual(['late']);
  });

  test('but not under the id of a room or a person', () => {
    const room = s.room(ann, 'plans');
    s.passTime(200);
    for (const id of [room, bob]) {
      expect(s.say(ann, 'message.post', { room: 'general', text: 'x' }, id)).toBe('id-reused');
    }
  });

  test('an id from a clock ahead is remembered until it would look old', () => {
    const id = testId(s.log.atMs + 100, 'ahead');
    const first = s.run(ann, 'read.mark', { room: 'general', index: 1 }, id);
    const again = () => s.run(ann, 'read.mark', { room: 'general', index: 1 }, id);
    s.passTime(100);
    expect(again()).toMatchObject({ outcome: { ok: true }, firstIndex: first.index });
    expect(s.chat.outcome(id)).toEqual({ index: first.index, outcome: { ok: true } });
    s.passTime(300);
    expect(s.chat.outcome(id)).toBeNull();
    expect(verdict(again())).toBe('id-too-old');
  });

  test('the horizon is the same after the database was closed and opened again', () => {
    s.passTime(50);
    const id = testId(s.log.entries[9]!.at, 'a');
    s.chat.close();
    s = scene(openChat(join(folder, 'chat.db'), small), s.log);
    expect(s.say(ann, 'read.mark', { room: 'general', index: 0 }, id)).toBe('id-too-old');
  });
});

test('P4 whatever is sent again, whenever, has one effect', () => {
  const log = testLog();
  const chat = scene(openChat(':memory:', small), log);
  const me = chat.person('Ann');
  const effects = new Map<string, number>();
  const ids: string[] = [];
  for (let n = 0; n < 400; n++) {
    // Some ids lag behind the clock, some are ahead of it; each is sent again now and then, for as long as the test.
    ids.push(testId(log.atMs + ((n * 37) % 120) - 60, n));
    for (const id of [ids[n]!, ids[(n * 7) % ids.length]!, ids[Math.floor(n / 2)]!]) {
      const { outcome, firstIndex, index } = chat.run(me, 'read.mark', { room: 'general', index: n }, id);
      if (outcome.ok && firstIndex === index) effects.set(id, (effects.get(id) ?? 0) + 1);
    }
  }
  expect(Math.max(...effects.values())).toBe(1);
  expect(effects.size).toBeGreaterThan(200);
  chat.chat.close();
});
