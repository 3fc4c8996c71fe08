import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openChat } from '../index.ts';
import { type Scene, scene } from '../test-log.ts';

let s: Scene;
let owner: string;
let ann: string;
let bob: string;
let guest: string;
let room: string;

beforeEach(() => {
  s = scene(openChat(':memory:'));
  owner = s.withRole('Owner', 'owner');
  ann = s.person('Ann');
  bob = s.person('Bob');
  guest = s.withRole('Guest', 'guest');
  room = s.room(ann, 'plans');
  s.run(bob, 'room.join', { room });
  s.run(guest, 'room.join', { room });
});
afterEach(() => s.chat.close());

describe('editing a room', () => {
  test('renames it and says what it is about, to everybody who may know of it', () => {
    const { index, events } = s.run(bob, 'room.edit', { room, name: 'Pläne', topic: ' What next? ' });
    const view = s.chat.room('pläne', owner)!;
    expect(view).toMatchObject({ id: room, name: 'Pläne', topic: 'What next?' });
    expect(events).toMatchObject([
      { audience: { to: 'all' }, event: { index, type: 'room.changed', room: { id: room, name: 'Pläne' } } },
    ]);
    expect(s.chat.room('plans', ann)).toBeNull();
    expect(s.say(ann, 'room.create', { name: 'plans' })).toBe('ok');
  });

  test('of a closed room is told to who is in it', () => {
    const secret = s.room(ann, 'secret', 'closed');
    const { events } = s.run(ann, 'room.edit', { room: secret, topic: 'x' });
    expect(events.map(({ audience }) => audience)).toEqual([{ to: 'room', room: secret }]);
    expect(s.say(bob, 'room.edit', { room: secret, topic: 'y' })).toBe('no-such-room');
  });

  test('to what it is already says nothing', () => {
    expect(s.run(ann, 'room.edit', { room, name: 'plans', topic: '' }).events).toEqual([]);
    expect(s.run(ann, 'room.edit', { room }).events).toEqual([]);
    expect(s.run(ann, 'room.edit', { room, name: 'PLANS' }).events).toHaveLength(1);
  });

  test('is for its members, and not for guests', () => {
    expect(s.say(owner, 'room.edit', { room, topic: 'x' })).toBe('not-a-member');
    expect(s.say(guest, 'room.edit', { room, topic: 'x' })).toBe('not-allowed');
    expect(s.say(ann, 'room.edit', { room: 'nowhere', topic: 'x' })).toBe('no-such-room');
  });

  test('gives it a name that is one, and nobody else’s', () => {
    s.room(bob, 'other');
    for (const name of ['Other', 'GENERAL', 'ｇeneral']) {
      expect(s.say(ann, 'room.edit', { room, name })).toBe('room-name-taken');
    }
    for (const name of ['', 'a b', 'x'.repeat(61)])
      expect(s.say(ann, 'room.edit', { room, name })).toBe('room-name-invalid');
  });

  test('of general is for owners and admins, and its name stays its own', () => {
    expect(s.say(ann, 'room.edit', { room: 'general', topic: 'x' })).toBe('not-allowed');
    expect(s.say(owner, 'room.edit', { room: 'general', name: 'Everybody' })).toBe('ok');
    expect(s.chat.room('general', ann)).toMatchObject({ id: 'general', name: 'Everybody' });
    expect(s.chat.room('everybody', ann)?.id).toBe('general');
    expect(s.say(ann, 'room.create', { name: 'General' })).toBe('room-name-taken');
    expect(s.say(ann, 'room.edit', { room, name: 'general' })).toBe('room-name-taken');
    expect(s.say(owner, 'room.edit', { room: 'general', name: 'General' })).toBe('ok');
  });
});

describe('an archived room', () => {
  let message: string;
  beforeEach(() => {
    message = s.post(ann, room, 'hello').id;
    s.run(ann, 'room.archive', { room, archived: true });
  });

  test('says so, once', () => {
    expect(s.chat.room(room, bob)).toMatchObject({ archived: true });
    expect(s.run(ann, 'room.archive', { room, archived: true })).toMatchObject({ outcome: { ok: true }, events: [] });
    const { events } = s.run(ann, 'room.archive', { room, archived: false });
    expect(events[0]?.event).toMatchObject({ type: 'room.changed' });
    expect(events[0]?.event).not.toHaveProperty('room.archived');
    expect(s.chat.room(room, bob)).not.toHaveProperty('archived');
    expect(s.say(bob, 'message.post', { room, text: 'again' })).toBe('ok');
  });

  test('takes nothing new', () => {
    expect(s.say(bob, 'message.post', { room, text: 'x' })).toBe('room-archived');
    expect(s.say(ann, 'message.edit', { message, text: 'x' })).toBe('room-archived');
    expect(s.say(bob, 'message.react', { message, emoji: '👍', on: true })).toBe('room-archived');
    expect(s.say(bob, 'message.pin', { message, on: true })).toBe('room-archived');
    expect(s.say(owner, 'room.join', { room })).toBe('room-archived');
    expect(s.say(bob, 'room.invite', { room, user: owner })).toBe('room-archived');
    expect(s.say(bob, 'room.edit', { room, topic: 'x' })).toBe('room-archived');
  });

  test('can be read, left, and rid of what was said', () => {
    expect(s.chat.page(room, { limit: 5 }).messages).toHaveLength(1);
    expect(s.say(bob, 'read.mark', { room, index: 99 })).toBe('ok');
    expect(s.say(bob, 'room.notify', { room, level: 'none' })).toBe('ok');
    expect(s.say(ann, 'message.delete', { message })).toBe('ok');
    expect(s.say(bob, 'room.join', { room })).toBe('ok');
    expect(s.say(bob, 'room.leave', { room })).toBe('ok');
    expect(s.say(owner, 'room.remove', { room, user: guest })).toBe('ok');
  });
});

test('a room is archived by who made it, owners and admins; general by nobody', () => {
  expect(s.say(bob, 'room.archive', { room, archived: true })).toBe('not-allowed');
  expect(s.say(owner, 'room.archive', { room, archived: true })).toBe('ok');
  expect(s.say(s.withRole('Admin', 'admin'), 'room.archive', { room, archived: false })).toBe('ok');
  expect(s.say(ann, 'room.archive', { room, archived: true })).toBe('ok');
  expect(s.say(owner, 'room.archive', { room: 'general', archived: true })).toBe('not-allowed');
  const secret = s.room(ann, 'secret', 'closed');
  expect(s.say(owner, 'room.archive', { room: secret, archived: true })).toBe('no-such-room');
});

describe('notifications', () => {
  const level = (person: string) => s.chat.room(room, person)?.notify;

  test('are of mentions, and of all in a conversation, until one says otherwise', () => {
    expect(level(ann)).toBe('mentions');
    const { outcome } = s.run(ann, 'direct.open', { users: [bob] });
    expect(outcome.ok && s.chat.room(outcome.room!, ann)?.notify).toBe('all');
    expect(outcome.ok && s.say(ann, 'room.notify', { room: outcome.room!, level: 'none' })).toBe('ok');
    expect(outcome.ok && s.chat.room(outcome.room!, ann)?.notify).toBe('none');
  });

  test('are set by each for themselves, and told to themselves', () => {
    const { index, events } = s.run(ann, 'room.notify', { room, level: 'all' });
    expect(events).toEqual([
      { audience: { to: 'user', user: ann }, event: { index, type: 'room.notified', room, level: 'all' } },
    ]);
    expect([level(ann), level(bob)]).toEqual(['all', 'mentions']);
    expect(s.run(ann, 'room.notify', { room, level: 'all' }).events).toEqual([]);
    expect(s.say(owner, 'room.notify', { room, level: 'all' })).toBe('not-a-member');
    expect(s.say(owner, 'room.notify', { room: 'nowhere', level: 'all' })).toBe('no-such-room');
  });
});
