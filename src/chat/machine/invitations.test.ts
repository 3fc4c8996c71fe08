import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openChat } from '../index.ts';
import { type Scene, scene } from '../test-log.ts';

let s: Scene;
let owner: string;
let ann: string;
let bob: string;
let cy: string;
let guest: string;
let room: string;

beforeEach(() => {
  s = scene(openChat(':memory:'));
  owner = s.withRole('Owner', 'owner');
  ann = s.person('Ann');
  bob = s.person('Bob');
  cy = s.person('Cy');
  guest = s.withRole('Guest', 'guest');
  room = s.room(ann, 'secret', 'closed');
});
afterEach(() => s.chat.close());

const typesOf = (user: string, after: number) =>
  s.chat.eventsAfter(user, after, 1_000)!.events.map(({ event }) => event.type);

describe('an invitation', () => {
  test('brings somebody into a closed room, and both learn of it', () => {
    const { index, events } = s.run(ann, 'room.invite', { room, user: bob });
    expect(events).toMatchObject([
      {
        audience: { to: 'room', room },
        event: { type: 'room.joined', room: { id: room, name: 'secret' }, user: { id: bob } },
      },
    ]);
    expect([typesOf(ann, index - 1), typesOf(bob, index - 1), typesOf(cy, index - 1)]).toEqual([
      ['room.joined'],
      ['room.joined'],
      [],
    ]);
    expect(s.chat.room(room, bob)).toMatchObject({ joined: true, members: 2, unread: 0 });
    expect(s.say(bob, 'room.invite', { room, user: cy })).toBe('ok');
  });

  test('of who is there already changes nothing', () => {
    s.run(ann, 'room.invite', { room, user: bob });
    expect(s.run(ann, 'room.invite', { room, user: bob })).toMatchObject({ outcome: { ok: true }, events: [] });
  });

  test('is for who is in the room, and no guest', () => {
    expect(s.say(bob, 'room.invite', { room, user: cy })).toBe('no-such-room');
    const plans = s.room(ann, 'plans');
    expect(s.say(bob, 'room.invite', { room: plans, user: cy })).toBe('not-a-member');
    s.run(guest, 'room.join', { room: plans });
    expect(s.say(guest, 'room.invite', { room: plans, user: cy })).toBe('not-allowed');
    expect(s.say(ann, 'room.invite', { room, user: 'nobody' })).toBe('no-such-user');
  });

  test('brings guests into open rooms only', () => {
    expect(s.say(ann, 'room.invite', { room, user: guest })).toBe('not-allowed');
    expect(s.say(ann, 'room.invite', { room: s.room(ann, 'plans'), user: guest })).toBe('ok');
  });
});

describe('taking somebody out', () => {
  beforeEach(() => {
    for (const user of [bob, cy]) s.run(ann, 'room.invite', { room, user });
  });

  test('tells them and the room, and shows them nothing more', () => {
    const { index } = s.run(ann, 'room.remove', { room, user: bob });
    s.post(ann, room, 'gone');
    expect(typesOf(bob, index - 1)).toEqual(['room.left']);
    expect(typesOf(cy, index - 1)).toEqual(['room.left', 'message.posted']);
    expect(s.chat.room(room, bob)).toBeNull();
    expect(s.chat.room(room, ann)?.members).toBe(2);
  });

  test('of who is not there changes nothing', () => {
    s.run(ann, 'room.remove', { room, user: bob });
    expect(s.run(ann, 'room.remove', { room, user: bob })).toMatchObject({ outcome: { ok: true }, events: [] });
    expect(s.say(ann, 'room.remove', { room, user: 'nobody' })).toBe('no-such-user');
  });

  test('is for who made the room, owners and admins', () => {
    expect(s.say(bob, 'room.remove', { room, user: cy })).toBe('not-allowed');
    expect(s.say(owner, 'room.remove', { room, user: cy })).toBe('no-such-room');
    const plans = s.room(ann, 'plans');
    s.run(bob, 'room.join', { room: plans });
    expect(s.say(owner, 'room.remove', { room: plans, user: bob })).toBe('ok');
    s.run('system', 'token.issue', { name: 'Ann', role: 'guest', tokenHash: 'a'.repeat(64) });
    expect(s.say(ann, 'room.remove', { room: plans, user: ann })).toBe('not-allowed');
  });

  test('is not from general, where everybody is', () => {
    expect(s.say(owner, 'room.remove', { room: 'general', user: bob })).toBe('cannot-leave-general');
  });
});

describe('a conversation', () => {
  const open = (by: string, ...users: string[]): string => {
    const { outcome } = s.run(by, 'direct.open', { users });
    if (!outcome.ok || outcome.room === undefined) throw new Error(`none came of it: ${JSON.stringify(outcome)}`);
    return outcome.room;
  };
  const say = (by: string, ...users: string[]) => s.say(by, 'direct.open', { users });

  test('is its people for ever, whoever opens it, and however they are named', () => {
    const direct = open(ann, bob);
    expect([open(bob, ann), open(ann, bob, bob), open(ann, ann, bob)]).toEqual([direct, direct, direct]);
    expect(open(ann, bob, cy)).not.toBe(direct);
    expect(open(cy, bob, ann)).toBe(open(ann, bob, cy));
    expect(s.chat.rooms(bob).filter(({ access }) => access === 'direct')).toHaveLength(2);
  });

  test('has no name, and says who is in it, in the order they joined the workspace', () => {
    const direct = open(cy, bob, ann);
    expect(s.chat.room(direct, ann)).toMatchObject({
      ...{ id: direct, name: '', access: 'direct', with: [ann, bob, cy], members: 3, joined: true, createdBy: cy },
    });
    expect(s.chat.members(direct).map(({ user }) => user.id)).toEqual([ann, bob, cy]);
    expect(s.chat.room('', ann)).toBeNull();
  });

  test('tells those who are in it, and nobody else knows of it', () => {
    const { index } = s.run(ann, 'direct.open', { users: [bob] });
    expect(typesOf(bob, index - 1)).toEqual(['room.created', 'room.joined', 'room.joined']);
    expect(typesOf(cy, index - 1)).toEqual([]);
    const direct = open(ann, bob);
    expect([s.chat.room(direct, cy), s.chat.room(direct, owner)]).toEqual([null, null]);
    expect(s.say(cy, 'message.post', { room: direct, text: 'x' })).toBe('no-such-room');
    expect(s.run(ann, 'direct.open', { users: [bob] }).events).toEqual([]);
  });

  test('can be with oneself alone', () => {
    const notes = open(ann, ann);
    expect(s.chat.room(notes, ann)).toMatchObject({ with: [ann], members: 1 });
    expect(s.say(ann, 'message.post', { room: notes, text: 'buy milk' })).toBe('ok');
  });

  test('is not entered, left, named or archived', () => {
    const direct = open(ann, bob);
    expect(s.say(ann, 'room.leave', { room: direct })).toBe('room-direct');
    expect(s.say(ann, 'room.invite', { room: direct, user: cy })).toBe('room-direct');
    expect(s.say(ann, 'room.remove', { room: direct, user: bob })).toBe('room-direct');
    expect(s.say(ann, 'room.edit', { room: direct, topic: 'x' })).toBe('room-direct');
    expect(s.say(ann, 'room.archive', { room: direct, archived: true })).toBe('room-direct');
    expect(s.say(cy, 'room.join', { room: direct })).toBe('no-such-room');
  });

  test('is not begun with or by a guest; who becomes one keeps theirs', () => {
    expect(say(guest, ann)).toBe('not-allowed');
    expect(say(ann, bob, guest)).toBe('not-allowed');
    const direct = open(ann, bob);
    s.run(ann, 'room.invite', { room, user: bob });
    s.run(owner, 'user.role', { user: bob, role: 'guest' });
    expect(s.chat.room(room, bob)).toBeNull();
    expect(s.say(bob, 'message.post', { room: direct, text: 'still here' })).toBe('ok');
    expect(open(bob, ann)).toBe(direct);
    expect(say(bob, cy)).toBe('not-allowed');
  });

  test('is of people there are, nine at most', () => {
    expect(say(ann, 'nobody')).toBe('no-such-user');
    expect(say(ann, bob, 'nobody')).toBe('no-such-user');
    expect(say(ann)).toBe('bad-request');
    const many = Array.from({ length: 9 }, (_, n) => s.person(`Person ${n}`));
    expect(say(ann, ...many)).toBe('bad-request');
    expect(say(ann, ...many.slice(1))).toBe('ok');
  });

  test('P4 opened by a retry is the same one, and the answer names it', () => {
    const id = s.log.newId();
    const first = s.run(ann, 'direct.open', { users: [bob] }, id);
    expect(s.run(ann, 'direct.open', { users: [bob] }, id)).toMatchObject({ outcome: first.outcome, events: [] });
    expect(s.chat.outcome(id, ann)?.outcome).toEqual({ ok: true, room: id });
  });
});
