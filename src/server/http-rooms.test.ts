/** Rooms and people over HTTP: who is in a room, what it is called, conversations, profiles and roles. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limits, type Room, type User } from '../protocol/index.ts';
import { type Answer, startTestCluster, type TestCluster } from './test-kit.ts';

interface Person {
  readonly user: User;
  readonly ask: (method: string, path: string, body?: unknown) => Promise<Answer>;
}

let cluster: TestCluster;
let ana: Person;
let bo: Person;
let cleo: Person;

const join = async (name: string): Promise<Person> => {
  const { user, token } = await cluster.join(name);
  return { user, ask: (method, path, body) => cluster.ask(method, `/api/v1${path}`, { token, body }) };
};

beforeAll(async () => {
  cluster = await startTestCluster();
  ana = await join('Ana');
  bo = await join('Bo');
  cleo = await join('Cleo');
});

afterAll(() => cluster?.close());

const refusal = (status: number, code: string) => ({ status, body: { error: { code } } });
const receipt = { status: 200, body: { id: expect.any(String), index: expect.any(Number) } };

const makeRoom = async ({ ask }: Person, body: object): Promise<string> => {
  const answer = await ask('POST', '/rooms', body);
  expect(answer).toMatchObject({ status: 201 });
  return (answer.body as { id: string }).id;
};
const roomOf = async ({ ask }: Person, room: string): Promise<Room> =>
  (await ask('GET', `/rooms/${room}`)).body as Room;
const namesIn = async ({ ask }: Person, room: string): Promise<string[]> => {
  const { body } = await ask('GET', `/rooms/${room}/members`);
  return (body as { members: { user: User }[] }).members.map(({ user }) => user.name);
};

describe('members', () => {
  it('bring others into a closed room, which is there for them from then on', async () => {
    const room = await makeRoom(ana, { name: 'kitchen', access: 'closed' });
    expect(await bo.ask('GET', `/rooms/${room}`)).toMatchObject(refusal(404, 'no-such-room'));
    expect(await ana.ask('PUT', `/rooms/${room}/members/${bo.user.id}`)).toMatchObject(receipt);
    expect(await roomOf(bo, room)).toMatchObject({ name: 'kitchen', joined: true, members: 2, unread: 0 });
    expect(await namesIn(bo, room)).toEqual(['Ana', 'Bo']);
    expect(await bo.ask('DELETE', `/rooms/${room}/members/${ana.user.id}`)).toMatchObject(refusal(403, 'not-allowed'));
    expect(await ana.ask('DELETE', `/rooms/${room}/members/${bo.user.id}`)).toMatchObject(receipt);
    expect(await bo.ask('GET', `/rooms/${room}/members`)).toMatchObject(refusal(404, 'no-such-room'));
  });

  it('show up to where they have read', async () => {
    const room = await makeRoom(ana, { name: 'readers' });
    const { index } = (await ana.ask('POST', `/rooms/${room}/messages`, { text: 'Read this.' })).body as {
      index: number;
    };
    await bo.ask('POST', `/rooms/${room}/join`);
    const { index: last } = (await ana.ask('POST', `/rooms/${room}/messages`, { text: 'And this.' })).body as {
      index: number;
    };
    await bo.ask('PUT', `/rooms/${room}/read`, { index: last });
    const { body } = await ana.ask('GET', `/rooms/${room}/members`);
    const { members } = body as { members: { user: User; readIndex: number }[] };
    expect(members.find(({ user }) => user.id === bo.user.id)?.readIndex).toBe(last);
    expect(last).toBeGreaterThan(index);
  });

  it('nobody is brought in who is not there', async () => {
    const room = await makeRoom(ana, { name: 'nobodies' });
    expect(await ana.ask('PUT', `/rooms/${room}/members/nobody`)).toMatchObject(refusal(404, 'no-such-user'));
    expect(await ana.ask('DELETE', `/rooms/general/members/${bo.user.id}`)).toMatchObject(
      refusal(409, 'cannot-leave-general'),
    );
  });
});

describe('a room', () => {
  it('is addressed by its name, as long as a name may be in any letters', async () => {
    for (const letter of ['e', 'ก', '𠀀']) {
      const name = letter.repeat(limits.roomNameMaxChars);
      const room = await makeRoom(ana, { name });
      expect(await roomOf(ana, encodeURIComponent(name))).toMatchObject({ id: room, name });
    }
  });

  it('gets another name and topic, by which it is found then', async () => {
    const room = await makeRoom(ana, { name: 'before', topic: 'Old' });
    expect(await ana.ask('PATCH', `/rooms/${room}`, { name: 'after', topic: 'New' })).toMatchObject(receipt);
    expect(await roomOf(bo, 'after')).toMatchObject({ id: room, name: 'after', topic: 'New' });
    expect(await bo.ask('GET', '/rooms/before')).toMatchObject(refusal(404, 'no-such-room'));
    expect(await bo.ask('PATCH', `/rooms/${room}`, { topic: 'Mine' })).toMatchObject(refusal(403, 'not-a-member'));
    expect(await ana.ask('PATCH', `/rooms/${room}`, { name: 'general' })).toMatchObject(
      refusal(409, 'room-name-taken'),
    );
  });

  it.each([['a b'], [''], ['x'.repeat(limits.roomNameMaxChars + 1)]])('is not called %j', async (name) => {
    const room = await makeRoom(ana, { name: `r${Math.abs(name.length)}-names` });
    expect(await ana.ask('POST', '/rooms', { name })).toMatchObject(refusal(400, 'room-name-invalid'));
    expect(await ana.ask('PATCH', `/rooms/${room}`, { name })).toMatchObject(refusal(400, 'room-name-invalid'));
  });

  it('that is archived can be read, and nothing is said in it until it is taken back', async () => {
    const room = await makeRoom(ana, { name: 'attic' });
    await ana.ask('POST', `/rooms/${room}/messages`, { text: 'dust' });
    expect(await bo.ask('PATCH', `/rooms/${room}`, { archived: true })).toMatchObject(refusal(403, 'not-allowed'));
    expect(await ana.ask('PATCH', `/rooms/${room}`, { archived: true })).toMatchObject(receipt);
    expect(await roomOf(bo, room)).toMatchObject({ archived: true });
    expect(await bo.ask('GET', `/rooms/${room}/messages`)).toMatchObject({ body: { messages: [{ text: 'dust' }] } });
    const more = { text: 'more' };
    expect(await ana.ask('POST', `/rooms/${room}/messages`, more)).toMatchObject(refusal(409, 'room-archived'));
    expect(await bo.ask('POST', `/rooms/${room}/join`)).toMatchObject(refusal(409, 'room-archived'));
    expect(await ana.ask('PATCH', `/rooms/${room}`, { archived: false })).toMatchObject(receipt);
    expect(await roomOf(bo, room)).not.toHaveProperty('archived');
    expect(await ana.ask('POST', `/rooms/${room}/messages`, more)).toMatchObject({ status: 201 });
  });

  it('notifies each as they want', async () => {
    expect(await bo.ask('PATCH', '/rooms/general', { notify: 'none' })).toMatchObject(receipt);
    expect(await roomOf(bo, 'general')).toMatchObject({ notify: 'none' });
    expect(await roomOf(ana, 'general')).toMatchObject({ notify: 'mentions' });
  });

  it.each([
    [{}],
    [{ archived: true, notify: 'all' }],
    [{ name: 'x', archived: true }],
    [{ topic: 'x', notify: 'all' }],
  ])('is changed in one way a request, so %j is refused', async (body) => {
    expect(await ana.ask('PATCH', '/rooms/general', body)).toMatchObject(refusal(400, 'bad-request'));
  });
});

describe('a conversation', () => {
  it('is the same one whoever of its people opens it, in whatever order they name the others', async () => {
    const opened = await ana.ask('POST', '/direct', { users: [bo.user.id, cleo.user.id] });
    const { room } = opened.body as { room: string };
    expect(await cleo.ask('POST', '/direct', { users: [bo.user.id, ana.user.id] })).toMatchObject({ body: { room } });
    expect(await roomOf(cleo, room)).toMatchObject({
      ...{ name: '', access: 'direct', joined: true, notify: 'all' },
      with: [ana.user.id, bo.user.id, cleo.user.id],
    });
    const pair = await ana.ask('POST', '/direct', { users: [bo.user.id] });
    expect((pair.body as { room: string }).room).not.toBe(room);
    expect(await cleo.ask('GET', `/rooms/${(pair.body as { room: string }).room}`)).toMatchObject(
      refusal(404, 'no-such-room'),
    );
  });

  it('has no name, and nobody comes or goes', async () => {
    const { room } = (await ana.ask('POST', '/direct', { users: [bo.user.id] })).body as { room: string };
    for (const [method, path, body] of [
      ['PATCH', `/rooms/${room}`, { name: 'us' }],
      ['PATCH', `/rooms/${room}`, { archived: true }],
      ['POST', `/rooms/${room}/leave`, undefined],
      ['PUT', `/rooms/${room}/members/${cleo.user.id}`, undefined],
      ['DELETE', `/rooms/${room}/members/${bo.user.id}`, undefined],
    ] as const) {
      expect(await ana.ask(method, path, body), `${method} ${path}`).toMatchObject(refusal(409, 'room-direct'));
    }
  });

  it('is of people that there are, and not of too many', async () => {
    expect(await ana.ask('POST', '/direct', { users: ['nobody'] })).toMatchObject(refusal(404, 'no-such-user'));
    const many = Array.from({ length: limits.directMembersMax }, (_, n) => `${n}`);
    for (const users of [[], many]) {
      expect(await ana.ask('POST', '/direct', { users })).toMatchObject(refusal(400, 'bad-request'));
    }
  });
});

describe('people', () => {
  it('change what they are called and say of themselves; everybody sees it, also at what was said before', async () => {
    const dora = await join('Dora');
    const { id } = (await dora.ask('POST', '/rooms/general/messages', { text: 'Hi' })).body as { id: string };
    const socket = await cluster.socket((await cluster.join('Watcher')).token);
    expect(await dora.ask('PATCH', '/profile', { name: 'Dorothea', about: 'Baker' })).toMatchObject(receipt);
    const user = { ...dora.user, name: 'Dorothea', about: 'Baker' };
    expect(await dora.ask('GET', '/session')).toMatchObject({ body: { user } });
    expect(await bo.ask('GET', `/messages/${id}`)).toMatchObject({ body: { name: 'Dorothea' } });
    await socket.until(() => socket.events().some(({ event }) => event.type === 'user.changed'), 'the change');
    expect(socket.events().map(({ event }) => event)).toContainEqual(
      expect.objectContaining({ type: 'user.changed', user }),
    );
    expect(await dora.ask('PATCH', '/profile', { name: 'ANA' })).toMatchObject(refusal(409, 'name-taken'));
    const long = 'x'.repeat(limits.userNameMaxChars + 1);
    expect(await dora.ask('PATCH', '/profile', { name: long })).toMatchObject(refusal(400, 'name-invalid'));
    expect(await dora.ask('PATCH', '/profile', { role: 'owner' })).toMatchObject(refusal(400, 'bad-request'));
  });

  it('get roles from who may give them', async () => {
    const eli = await join('Eli');
    const role = (by: Person, user: User, to: string) => by.ask('PUT', `/users/${user.id}/role`, { role: to });
    expect(await role(eli, eli.user, 'admin')).toMatchObject(refusal(403, 'not-allowed'));
    expect(await role(ana, eli.user, 'admin')).toMatchObject(receipt);
    expect(await eli.ask('GET', '/session')).toMatchObject({ body: { user: { role: 'admin' } } });
    expect(await role(eli, ana.user, 'member')).toMatchObject(refusal(403, 'not-allowed'));
    expect(await role(ana, ana.user, 'member')).toMatchObject(refusal(409, 'last-owner'));
    expect(await role(ana, eli.user, 'king')).toMatchObject(refusal(400, 'bad-request'));
    expect(await role(ana, { ...eli.user, id: 'nobody' }, 'admin')).toMatchObject(refusal(404, 'no-such-user'));
  });
});

it('a person’s name has as many letters as it may have, whatever letters they are', async () => {
  const name = '𠀀'.repeat(limits.userNameMaxChars);
  expect((await join(name)).user.name).toBe(name);
  const more = await cluster.ask('POST', '/api/v1/join', { body: { name: `${name}𠀀` } });
  expect(more).toMatchObject(refusal(400, 'name-invalid'));
});
