import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openChat } from '../index.ts';
import { type Scene, scene, sha256 } from '../test-log.ts';

let s: Scene;
let owner: string;
let ann: string;
let bob: string;

beforeEach(() => {
  s = scene(openChat(':memory:'));
  owner = s.withRole('Owner', 'owner');
  ann = s.person('Ann');
  bob = s.person('Bob');
});
afterEach(() => s.chat.close());

describe('a profile', () => {
  test('has a name and what one says of oneself, told to everybody', () => {
    const { index, events } = s.run(ann, 'profile.edit', { name: ' Anna  Bell ', about: ' Hello \n' });
    const user = s.chat.user(ann)!;
    expect(user).toMatchObject({ id: ann, name: 'Anna Bell', about: 'Hello', role: 'member' });
    expect(events).toEqual([{ audience: { to: 'all' }, event: { index, type: 'user.changed', user } }]);
    s.run(ann, 'profile.edit', { about: '' });
    expect(s.chat.user(ann)).not.toHaveProperty('about');
  });

  test('that is as it was says nothing', () => {
    expect(s.run(ann, 'profile.edit', { name: 'Ann', about: ' ', avatar: '' }).events).toEqual([]);
    expect(s.run(ann, 'profile.edit', {}).events).toEqual([]);
    expect(s.run(ann, 'profile.edit', { name: 'ANN' }).events).toHaveLength(1);
  });

  test('has a name that is one, and nobody else’s', () => {
    for (const name of ['bob', 'BOB ', 'System']) expect(s.say(ann, 'profile.edit', { name })).toBe('name-taken');
    for (const name of ['', ' ', 'x'.repeat(41), 'a\nb'])
      expect(s.say(ann, 'profile.edit', { name })).toBe('name-invalid');
    s.run(bob, 'profile.edit', { name: 'Robert' });
    expect(s.say(ann, 'profile.edit', { name: 'Bob' })).toBe('ok');
  });

  test('R17 a new name is everywhere, but not in what was told before', () => {
    const { id, index } = s.post(ann, 'general', 'hello');
    s.run(ann, 'profile.edit', { name: 'Anna' });
    const after = s.post(ann, 'general', 'again');
    s.run(ann, 'message.edit', { message: id, text: 'hullo' });
    s.run(ann, 'profile.edit', { name: 'Annabel' });
    expect(s.chat.message(id, bob)?.name).toBe('Annabel');
    const told = s.chat
      .eventsAfter(bob, index - 1, 100)!
      .events.map(({ event }) => ('message' in event ? `${event.message.name}: ${event.message.text}` : event.type));
    expect(told).toEqual(['Ann: hello', 'user.changed', 'Anna: again', 'Anna: hullo', 'user.changed']);
    expect(after.outcome.ok).toBe(true);
  });

  test('is found under its new name by servers that issue tokens', () => {
    s.run(ann, 'profile.edit', { name: 'Anna' });
    const issued = s.run('system', 'token.issue', { name: 'ANNA', tokenHash: sha256('t') });
    expect(issued.outcome).toEqual({ ok: true, user: ann });
    expect(s.run('system', 'token.issue', { name: 'Ann', tokenHash: sha256('u') }).outcome).not.toEqual(issued.outcome);
  });

  test('has a picture of one’s own', () => {
    expect(s.say(ann, 'profile.edit', { avatar: s.log.newId() })).toBe('no-such-file');
    expect(s.say(ann, 'profile.edit', { avatar: 'not an id' })).toBe('bad-request');
  });
});

describe('a role', () => {
  const give = (by: string, user: string, role: 'owner' | 'admin' | 'member' | 'guest' | 'bot') =>
    s.say(by, 'user.role', { user, role });

  test('is given by owners, whichever it is, and told to everybody', () => {
    const { events } = s.run(owner, 'user.role', { user: ann, role: 'admin' });
    expect(events).toMatchObject([
      { audience: { to: 'all' }, event: { type: 'user.changed', user: { role: 'admin' } } },
    ]);
    expect(s.run(owner, 'user.role', { user: ann, role: 'admin' }).events).toEqual([]);
    for (const role of ['owner', 'member', 'guest', 'bot'] as const) expect(give(owner, ann, role)).toBe('ok');
    expect(give(owner, 'nobody', 'member')).toBe('no-such-user');
  });

  test('is given by admins, but neither to nor as owners and admins', () => {
    const admin = s.withRole('Admin', 'admin');
    for (const role of ['guest', 'bot', 'member'] as const) expect(give(admin, ann, role)).toBe('ok');
    for (const role of ['owner', 'admin'] as const) expect(give(admin, ann, role)).toBe('not-allowed');
    expect(give(admin, owner, 'member')).toBe('not-allowed');
    expect(give(admin, s.withRole('Other', 'admin'), 'member')).toBe('not-allowed');
    expect(give(admin, admin, 'member')).toBe('not-allowed');
  });

  test('is given by nobody else', () => {
    for (const role of ['member', 'guest', 'bot'] as const) {
      expect(give(s.withRole(`A ${role}`, role), ann, 'member')).toBe('not-allowed');
    }
  });

  test('of the last owner is kept', () => {
    expect(give(owner, owner, 'member')).toBe('last-owner');
    give(owner, ann, 'owner');
    expect(give(owner, owner, 'member')).toBe('ok');
    expect(give(ann, ann, 'admin')).toBe('last-owner');
  });
});

describe('a password', () => {
  const set = (user: string, hash: string, endsOthers?: string) =>
    s.run('system', 'password.set', { user, hash, ...(endsOthers === undefined ? {} : { endsOthers }) });

  test('is found by the person’s id and by their name', () => {
    expect(s.chat.passwordHash(ann)).toBeNull();
    expect(set(ann, '$argon2id$1').outcome).toEqual({ ok: true, user: ann });
    const user = s.chat.user(ann);
    for (const ref of [ann, 'Ann', ' ＡＮＮ ']) expect(s.chat.passwordHash(ref)).toEqual({ user, hash: '$argon2id$1' });
    for (const ref of ['', bob, 'Bob', 'nobody']) expect(s.chat.passwordHash(ref)).toBeNull();
    set(ann, '$argon2id$2');
    expect(s.chat.passwordHash('ann')?.hash).toBe('$argon2id$2');
    expect(s.say('system', 'password.set', { user: 'nobody', hash: 'x' })).toBe('no-such-user');
  });

  test('tells nobody, and stays when the profile changes', () => {
    expect(set(ann, '$argon2id$1').events).toEqual([]);
    s.run(ann, 'profile.edit', { name: 'Anna' });
    expect(s.chat.passwordHash('anna')?.hash).toBe('$argon2id$1');
    expect(JSON.stringify([s.chat.users(), s.chat.eventsAfter(bob, 0, 1_000)])).not.toContain('argon2id');
  });

  test('ends the other sessions when it is to', () => {
    const tokens = ['one', 'two', 'three'].map(sha256);
    for (const tokenHash of tokens) s.run('system', 'session.open', { user: ann, tokenHash, device: 'a test' });
    expect(set(ann, 'x').sessionsEnded).toEqual([]);
    expect(set(ann, 'y', tokens[1]).sessionsEnded).toEqual([sha256('token of Ann'), tokens[0], tokens[2]]);
    expect(tokens.map((tokenHash) => s.chat.session(tokenHash)?.user.id)).toEqual([undefined, ann, undefined]);
    expect(s.chat.session(sha256('token of Bob'))?.user.id).toBe(bob);
  });

  test('is not set in the name of a session that has ended meanwhile, or is another person’s', () => {
    const [own, stolen] = [sha256('token of Ann'), sha256('stolen')];
    s.run('system', 'session.open', { user: ann, tokenHash: stolen, device: 'a test' });
    expect(set(ann, 'x', own).outcome).toEqual({ ok: true, user: ann });
    const refused = { ok: false, code: 'session-ended' };
    expect(set(ann, 'y', stolen).outcome).toEqual(refused);
    expect(set(ann, 'y', sha256('token of Bob')).outcome).toEqual(refused);
    expect(s.chat.passwordHash(ann)?.hash).toBe('x');
    expect(s.chat.session(own)?.user.id).toBe(ann);
  });
});

describe('a session that is opened', () => {
  test('is the person’s', () => {
    const opened = s.run('system', 'session.open', { user: ann, tokenHash: sha256('t'), device: 'a phone' });
    expect(opened).toMatchObject({ outcome: { ok: true, user: ann }, events: [] });
    expect(s.chat.session(sha256('t'))?.user.id).toBe(ann);
  });

  test('is of somebody who is there, with a token that nobody has', () => {
    const body = { tokenHash: sha256('token of Bob'), device: '' };
    expect(s.say('system', 'session.open', { ...body, user: ann })).toBe('bad-request');
    expect(s.say('system', 'session.open', { ...body, user: 'nobody' })).toBe('no-such-user');
  });
});

test.each(['session.open', 'password.set'] as const)('%s is for servers only', (kind) => {
  const bodies = {
    'session.open': { user: owner, tokenHash: sha256('x'), device: '' },
    'password.set': { user: owner, hash: 'x' },
  } as const;
  expect(s.say(ann, kind, bodies[kind])).toBe('not-allowed');
});
