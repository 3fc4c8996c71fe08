import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { limits } from '../../protocol/index.ts';
import { openChat } from '../index.ts';
import { type Scene, scene, sha256 } from '../test-log.ts';

let s: Scene;

beforeEach(() => {
  s = scene(openChat(':memory:'));
});
afterEach(() => s.chat.close());

const join = (name: string, local = false) =>
  s.run('system', 'user.join', { name, local, tokenHash: sha256(`${name} ${s.log.entries.length}`), device: 'a test' });
const issue = (name: string, role: 'owner' | 'admin' | 'member' | 'guest' | 'bot', tokenHash = sha256(s.log.newId())) =>
  s.run('system', 'token.issue', { name, role, tokenHash });

describe('joining', () => {
  test('makes a person with the id of the command, and a session', () => {
    const joined = join('Ann');
    const user = { id: joined.id, name: 'Ann', role: 'member', joinedAt: s.log.entries[0]!.at };
    expect(joined.outcome).toEqual({ ok: true, user: joined.id });
    expect(s.chat.user(joined.id)).toEqual(user);
    expect(s.chat.users()).toEqual([user]);
    expect(s.chat.session(sha256('Ann 0'))).toEqual({ user });
    expect(joined.events.map(({ audience, event }) => [audience.to, event.type])).toEqual([
      ['all', 'user.joined'],
      ['room', 'room.joined'],
    ]);
  });

  test('the first from the machine itself is the owner, and only the first', () => {
    const roles = [join('A', false), join('B', true), join('C', true)].map(({ id }) => s.chat.user(id)?.role);
    expect(roles).toEqual(['member', 'owner', 'member']);
  });

  test.each([
    ['Ann', 'ANN'],
    ['Ann', '  ann '],
    ['Ann', 'a\u200bnn'],
    ['Ann', 'Ａｎｎ'],
    ['Anna Bell', 'anna   bell'],
    ['Ζεύς', 'ΖΕΎΣ'],
    ['Weiß', 'WEISS'],
    ['Zo\u00eb', 'zoe\u0308'],
    ['Ann', 'System'],
  ])('after %s nobody can be called %j', (first, second) => {
    join(first);
    expect(join(second).outcome).toEqual({ ok: false, code: 'name-taken' });
  });

  test.each(['', ' ', '\u200b', '\u3164', 'a\u0000b', 'a\nb', 'a\u001b[31mb', '\ud800', 'a\u202eb', 'x'.repeat(41)])(
    'nobody can be called %j',
    (name) => {
      expect(join(name).outcome).toEqual({ ok: false, code: 'name-invalid' });
      expect(issue(name, 'member').outcome).toEqual({ ok: false, code: 'name-invalid' });
    },
  );

  test.each([
    ['Jos\u00e9 ', 'Jos\u00e9'],
    ['日本 太郎', '日本 太郎'],
    ['👩‍🚀', '👩‍🚀'],
    ["O'Neil-Smith", "O'Neil-Smith"],
  ])('somebody can be called %j', (name, shown) => {
    expect(s.chat.user(join(name).id)?.name).toBe(shown);
  });

  test('a session’s token cannot come twice', () => {
    const body = { local: false, tokenHash: sha256('t'), device: '' };
    expect(s.say('system', 'user.join', { ...body, name: 'Ann' })).toBe('ok');
    expect(s.say('system', 'user.join', { ...body, name: 'Bob' })).toBe('bad-request');
    expect(s.say('system', 'token.issue', { name: 'Bob', role: 'member', tokenHash: sha256('t') })).toBe('bad-request');
    expect(s.chat.users().map((user) => user.name)).toEqual(['Ann']);
  });
});

test.each(['\u{16ea0}', '\ua7d2', '\u088f', '\uffff', '\u{323b0}'])(
  'R14 nobody and nothing is called %j, of which only later versions of Node know whether it is a letter',
  (letter) => {
    expect(join(`a${letter}`).outcome).toEqual({ ok: false, code: 'name-invalid' });
    const ann = s.person('Ann');
    expect(s.say(ann, 'room.create', { name: letter })).toBe('room-name-invalid');
    // Some say that this is the small form of the second of those above.
    s.run(ann, 'room.create', { name: '\ua7d3' });
    expect(s.say(ann, 'room.join', { room: letter })).toBe('no-such-room');
  },
);

describe('token.issue', () => {
  test('makes the person if need be, with the role', () => {
    const made = issue('Robot', 'bot');
    expect(made.outcome).toEqual({ ok: true, user: made.id });
    expect(s.chat.user(made.id)).toMatchObject({ name: 'Robot', role: 'bot' });
    expect(s.chat.roomsOf(made.id)).toEqual(['general']);
  });

  test('finds the person by name, sets the role and says so', () => {
    const ann = join('Ann').id;
    const issued = issue('ann', 'admin', sha256('t'));
    expect(issued.outcome).toEqual({ ok: true, user: ann });
    const user = s.chat.user(ann)!;
    expect(user).toMatchObject({ name: 'Ann', role: 'admin' });
    expect(issued.events).toEqual([
      { audience: { to: 'all' }, event: { index: issued.index, type: 'user.changed', user } },
    ]);
    expect(s.chat.session(sha256('t'))).toEqual({ user });
    expect(issue('Ann', 'admin').events).toEqual([]);
  });

  test('without a role takes none away, and makes members', () => {
    const owner = join('Ann', true).id;
    const tokenHash = sha256('t');
    expect(s.run('system', 'token.issue', { name: 'Ann', tokenHash }).events).toEqual([]);
    expect(s.chat.session(tokenHash)?.user).toMatchObject({ id: owner, role: 'owner' });
    const made = s.run('system', 'token.issue', { name: 'Bob', tokenHash: sha256('u') });
    expect(s.chat.user(made.id)).toMatchObject({ name: 'Bob', role: 'member' });
  });

  test('does not take the only owner’s role: the next person from the machine itself would get it', () => {
    const ann = join('Ann', true).id;
    expect(issue('Ann', 'member').outcome).toEqual({ ok: false, code: 'last-owner' });
    expect(s.chat.user(ann)?.role).toBe('owner');
    issue('Bob', 'owner');
    expect(issue('Ann', 'member').outcome).toMatchObject({ ok: true });
  });

  test('a role holds at once', () => {
    const ann = join('Ann').id;
    issue('Ann', 'guest');
    expect(s.say(ann, 'room.create', { name: 'plans' })).toBe('not-allowed');
  });
});

describe('sessions', () => {
  test('are ended by their holder', () => {
    const ann = s.person('Ann');
    const tokenHash = sha256('token of Ann');
    expect(s.run(ann, 'session.close', { tokenHash })).toMatchObject({
      outcome: { ok: true },
      sessionsEnded: [tokenHash],
      events: [],
    });
    expect(s.chat.session(tokenHash)).toBeNull();
    expect(s.say(ann, 'session.close', { tokenHash })).toBe('session-ended');
  });

  test('are not ended by another person, who does not learn of them', () => {
    s.person('Ann');
    const bob = s.person('Bob');
    const tokenHash = sha256('token of Ann');
    expect(s.say(bob, 'session.close', { tokenHash })).toBe('session-ended');
    expect(s.chat.session(tokenHash)).not.toBeNull();
  });

  test('need naming: the server adds which one', () => {
    expect(s.say(s.person('Ann'), 'session.close', {})).toBe('bad-request');
  });

  test('are ended by a server', () => {
    s.person('Ann');
    const tokenHash = sha256('token of Ann');
    expect(s.run('system', 'session.revoke', { tokenHash }).sessionsEnded).toEqual([tokenHash]);
    expect(s.chat.session(tokenHash)).toBeNull();
    expect(s.say('system', 'session.revoke', { tokenHash })).toBe('session-ended');
  });

  test('one too many ends the oldest', () => {
    const ann = s.person('Ann');
    const hashes = Array.from({ length: limits.sessionsPerUserMax }, (_, n) => sha256(`more ${n}`));
    const ended = hashes.map((tokenHash) => issue('Ann', 'member', tokenHash).sessionsEnded);
    expect(ended.slice(0, -1).flat()).toEqual([]);
    expect(ended.at(-1)).toEqual([sha256('token of Ann')]);
    expect(s.chat.session(sha256('token of Ann'))).toBeNull();
    expect(s.chat.session(hashes[0]!)?.user.id).toBe(ann);
  });
});

test.each(['user.join', 'token.issue', 'session.revoke'] as const)('%s is for servers only', (kind) => {
  const ann = s.person('Ann');
  const tokenHash = sha256('x');
  const bodies = {
    'user.join': { name: 'Eve', local: true, tokenHash, device: '' },
    'token.issue': { name: 'Eve', role: 'owner', tokenHash },
    'session.revoke': { tokenHash },
  } as const;
  expect(s.say(ann, kind, bodies[kind])).toBe('not-allowed');
  expect(s.chat.users()).toHaveLength(1);
});
