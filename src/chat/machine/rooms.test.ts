import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { generalRoom } from '../../protocol/index.ts';
import { openChat } from '../index.ts';
import { type Scene, scene } from '../test-log.ts';

let s: Scene;
let ann: string;
let bob: string;

beforeEach(() => {
  s = scene(openChat(':memory:'));
  ann = s.person('Ann');
  bob = s.person('Bob');
});
afterEach(() => s.chat.close());

describe('general', () => {
  test('is there from the start, made by the system, and everybody is in it', () => {
    expect(s.chat.room(generalRoom, ann)).toMatchObject({
      id: 'general',
      name: 'general',
      createdBy: 'system',
      access: 'open',
      members: 2,
      joined: true,
    });
    expect(s.chat.roomsOf(bob)).toEqual([generalRoom]);
  });

  test('cannot be left', () => {
    expect(s.say(ann, 'room.leave', { room: 'general' })).toBe('cannot-leave-general');
  });
});

describe('a new room', () => {
  test('has the id of its command, and its creator in it', () => {
    const { id } = s.run(ann, 'room.create', { name: 'Plans', topic: ' What next ', access: 'open' });
    expect(s.chat.room(id, ann)).toMatchObject({ name: 'Plans', topic: 'What next', members: 1, joined: true });
    expect(s.chat.room('Plans', bob)).toMatchObject({ id, joined: false, unread: 0 });
  });

  test.each(['a\ud800b', 'a\u0000b'])('has a topic that can be stored, although it is to have %j', (topic) => {
    const { id, events } = s.run(ann, 'room.create', { name: 'plans', topic });
    expect(s.chat.room(id, bob)?.topic).toBe('a\ufffdb');
    expect(events[0]?.event).toMatchObject({ room: { topic: 'a\ufffdb' } });
  });

  test('is open unless it says otherwise', () => {
    const { id } = s.run(ann, 'room.create', { name: 'plans' });
    expect(s.chat.room(id, bob)?.access).toBe('open');
  });

  test.each([
    ['plans', 'PLANS'],
    ['straße', 'STRASSE'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['plans', 'ｐｌａｎｓ'],
    ['caf\u00e9', 'cafe\u0301'],
    ['plans', 'General'],
  ])('%s leaves no place for another of the same name: %s', (first, second) => {
    s.room(ann, first);
    expect(s.say(bob, 'room.create', { name: second })).toBe('room-name-taken');
  });

  test.each(['a', 'Ünïcode', '日本語', 'हिन्दी', 'عربي', 'a-b_c', '2026'])('may be called %s', (name) => {
    expect(s.say(ann, 'room.create', { name })).toBe('ok');
    expect(s.chat.room(name, bob)?.name).toBe(name.normalize('NFC'));
  });

  test.each(['', ' ', 'a b', '#a', 'a/b', 'a\n', '\u200b', '😀', '\ud800', 'x'.repeat(61), '\ufdfa', '---', '_'])(
    'may not be called %j',
    (name) => {
      expect(s.say(ann, 'room.create', { name })).toBe('room-name-invalid');
    },
  );

  test('may not be called like an id, by which another room could be named', () => {
    expect(s.say(ann, 'room.create', { name: s.log.newId() })).toBe('room-name-invalid');
  });

  test('is not for guests to make', () => {
    expect(s.say(s.withRole('Guest', 'guest'), 'room.create', { name: 'plans' })).toBe('not-allowed');
  });

  test.each(['owner', 'admin', 'member', 'bot'] as const)('may be made by role %s', (role) => {
    expect(s.say(s.withRole('Someone', role), 'room.create', { name: 'plans' })).toBe('ok');
  });
});

describe('joining and leaving', () => {
  test('by id or by name; twice is once', () => {
    const id = s.room(ann, 'plans');
    expect(s.run(bob, 'room.join', { room: id }).events).toHaveLength(1);
    expect(s.run(bob, 'room.join', { room: 'Plans' })).toMatchObject({ outcome: { ok: true }, events: [] });
    expect(s.chat.room(id, bob)).toMatchObject({ members: 2, joined: true });
    expect(s.say(bob, 'room.leave', { room: 'PLANS' })).toBe('ok');
    expect(s.chat.room(id, bob)).toMatchObject({ members: 1, joined: false });
    expect(s.say(bob, 'room.leave', { room: id })).toBe('not-a-member');
  });

  test('no room of this name', () => {
    expect(s.say(ann, 'room.join', { room: 'nowhere' })).toBe('no-such-room');
    expect(s.say(ann, 'room.leave', { room: 'nowhere' })).toBe('no-such-room');
  });

  test('guests join open rooms', () => {
    s.room(ann, 'plans');
    expect(s.say(s.withRole('Guest', 'guest'), 'room.join', { room: 'plans' })).toBe('ok');
  });
});

describe('a closed room', () => {
  test('does not exist for who is not in it, whatever they try', () => {
    const id = s.room(ann, 'secret', 'closed');
    const message = s.post(ann, id, 'psst').id;
    expect(s.chat.room(id, bob)).toBeNull();
    expect(s.chat.room('secret', bob)).toBeNull();
    expect(s.chat.rooms(bob).map((room) => room.name)).toEqual(['general']);
    expect(s.chat.message(message, bob)).toBeNull();
    for (const room of [id, 'secret']) {
      expect(s.say(bob, 'room.join', { room })).toBe('no-such-room');
      expect(s.say(bob, 'room.leave', { room })).toBe('no-such-room');
      expect(s.say(bob, 'message.post', { room, text: 'hi' })).toBe('no-such-room');
      expect(s.say(bob, 'read.mark', { room, index: 1 })).toBe('no-such-room');
    }
    const admin = s.withRole('Admin', 'admin');
    for (const by of [bob, admin]) {
      expect(s.say(by, 'message.edit', { message, text: 'x' })).toBe('no-such-message');
      expect(s.say(by, 'message.delete', { message })).toBe('no-such-message');
    }
    expect(s.chat.message(message, ann)).toMatchObject({ text: 'psst' });
  });

  test('says nothing of itself but to its members', () => {
    const { events } = s.run(ann, 'room.create', { name: 'secret', access: 'closed' });
    expect(events.every(({ audience }) => audience.to === 'room')).toBe(true);
  });

  test('is left by whoever becomes a guest', () => {
    const id = s.room(ann, 'secret', 'closed');
    expect(s.withRole('Ann', 'guest')).toBe(ann);
    expect(s.chat.room(id, ann)).toBeNull();
    expect(s.chat.roomsOf(ann)).toEqual([generalRoom]);
  });
});
