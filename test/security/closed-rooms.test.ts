/**
 * A closed room and a conversation do not exist for who is not in them: whatever the API has for a room or a message is
 * tried, as it is written in the OpenAPI document, so that a new route is tried too.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientCommandKind, newCommandId, type Outcome } from '../../src/protocol/index.ts';
import { clientCommands } from '../../src/protocol/schemas.ts';
import { type Answer, startTestCluster, type TestCluster, type TestSocket } from '../../src/server/test-kit.ts';

interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
}

interface Place {
  readonly room: string;
  readonly message: string;
}

let cluster: TestCluster;
let ana: { readonly token: string };
let bo: { readonly token: string };
/** Was in the closed room, and was taken out. */
let cleo: { readonly token: string };
let anaId: string;
let boId: string;
let operations: readonly Operation[];
/** The closed room by its id and by its name, and the conversation. */
let places: readonly Place[];
/** Nothing of all this is there. */
let nowhere: Place;
let open: Place;

const secret = 'between us';

const ask = (method: string, path: string, token: string | undefined, body?: unknown): Promise<Answer> =>
  cluster.ask(method, path, { ...(token === undefined ? {} : { token }), body });

const made = async (path: string, body: unknown): Promise<{ readonly id: string; readonly room: string }> => {
  const answer = await ask('POST', `/api/v1${path}`, ana.token, body);
  expect(answer.status).toBeLessThan(300);
  return answer.body as { id: string; room: string };
};

beforeAll(async () => {
  cluster = await startTestCluster();
  const people = [await cluster.join('Ana'), await cluster.join('Bo'), await cluster.join('Cleo')] as const;
  [ana, bo, cleo] = people;
  [anaId, boId] = [people[0].user.id, people[1].user.id];
  const dora = (await cluster.join('Dora')).user.id;
  const closed = (await made('/rooms', { name: 'secret', access: 'closed' })).id;
  const { room: direct } = await made('/direct', { users: [dora] });
  const { id: public_ } = await made('/rooms', { name: 'public' });
  const say = async (room: string): Promise<Place> => {
    const { id: message } = await made(`/rooms/${room}/messages`, { text: secret });
    await made(`/rooms/${room}/messages`, { text: `${secret} too`, replyTo: message });
    await ask('PATCH', `/api/v1/messages/${message}`, ana.token, { text: `${secret} still` });
    await ask('PUT', `/api/v1/messages/${message}/pin`, ana.token);
    await ask('PUT', `/api/v1/messages/${message}/reactions/%F0%9F%91%8D`, ana.token);
    return { room, message };
  };
  const inClosed = await say(closed);
  places = [inClosed, { ...inClosed, room: 'secret' }, await say(direct)];
  open = await say(public_);
  nowhere = { room: newCommandId(), message: newCommandId() };
  const member = `/api/v1/rooms/${closed}/members/${people[2].user.id}`;
  expect(await ask('PUT', member, ana.token)).toMatchObject({ status: 200 });
  expect(await ask('DELETE', member, ana.token)).toMatchObject({ status: 200 });
  const { body } = await ask('GET', '/api/v1/openapi.json', undefined);
  const { paths } = body as { paths: Record<string, Record<string, { operationId: string; security?: object[] }>> };
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => ({
      id: operationId,
      method: method.toUpperCase(),
      path,
    })),
  );
});

afterAll(() => cluster?.close());

/** What the operations ask for besides what stands in their address. */
const bodies: Readonly<Record<string, object>> = {
  changeRoom: { topic: 'Mine' },
  editMessage: { text: 'Mine' },
  issueToken: { name: 'robot' },
  markRead: { index: 1 },
  postMessage: { text: 'Let me in' },
};

const fill = (path: string, { room, message }: Place): string =>
  path
    .replace('{room}', room)
    .replace('{message}', message)
    .replace('{user}', boId)
    .replace('{emoji}', encodeURIComponent('👍'));

const tryAt = ({ id, method, path }: Operation, place: Place, token: string): Promise<Answer> =>
  ask(method, fill(path, place), token, bodies[id]);

const aboutPlaces = (): readonly Operation[] => operations.filter(({ path }) => /\{(room|message)\}/.test(path));

describe('who is not in a closed room', () => {
  it('is answered, by every route, as if there were none', async () => {
    const tried = aboutPlaces();
    expect(tried.length).toBeGreaterThan(20);
    for (const operation of tried) {
      const code = operation.path.includes('{room}') ? 'no-such-room' : 'no-such-message';
      for (const { token } of [bo, cleo]) {
        const absent = await tryAt(operation, nowhere, token);
        expect(absent, operation.id).toMatchObject({ status: 404, body: { error: { code } } });
        for (const place of places) {
          const { status, body } = await tryAt(operation, place, token);
          expect({ status, body }, operation.id).toEqual({ status: absent.status, body: absent.body });
        }
      }
    }
  });

  it('finds it in no list, by no search, and in nothing said live', async () => {
    const socket = await cluster.socket(bo.token, { after: 0 });
    const lists = operations.filter(({ method, path }) => method === 'GET' && !path.includes('{'));
    for (const { path } of lists) {
      const { body } = await ask('GET', `${path}${path.endsWith('/search') ? '?q=between' : ''}`, bo.token);
      expect(JSON.stringify(body), path).not.toMatch(/"secret"/);
      for (const { room, message } of places) {
        expect(JSON.stringify(body), path).not.toContain(message);
        if (room !== 'secret') expect(JSON.stringify(body), path).not.toContain(room);
      }
    }
    await socket.done('message.post', { room: 'general', text: 'the end' });
    const told = JSON.stringify(socket.events().filter(({ room }) => room !== open.room));
    expect(told).not.toContain(secret);
    for (const { room } of places) if (room !== 'secret') expect(told).not.toContain(room);
  });

  it('cannot quote from it', async () => {
    for (const { message } of places) {
      const body = { text: 'What is this?', replyTo: message };
      const answer = await ask('POST', '/api/v1/rooms/general/messages', bo.token, body);
      expect(answer).toMatchObject({ status: 404, body: { error: { code: 'no-such-message' } } });
    }
  });

  it('is refused every command about it, as if there were none', async () => {
    const socket = await cluster.socket(bo.token);
    for (const place of [...places, nowhere]) {
      const outcomes = await outcomesOf(socket, place);
      for (const [kind, outcome] of Object.entries(outcomes)) {
        const code =
          'room' in clientCommands[kind as ClientCommandKind].properties ? 'no-such-room' : 'no-such-message';
        expect(outcome, kind).toEqual({ ok: false, code });
      }
    }
  });

  it('may be brought in, and then sees all of it', async () => {
    const dora = await cluster.join('Eli');
    const [{ room, message }] = places as readonly [Place];
    await ask('PUT', `/api/v1/rooms/${room}/members/${dora.user.id}`, ana.token);
    for (const path of [`rooms/${room}/pins`, `rooms/${room}/members`, `messages/${message}/wordings`]) {
      expect(await ask('GET', `/api/v1/${path}`, dora.token), path).toMatchObject({ status: 200 });
    }
    expect(await ask('GET', `/api/v1/messages/${message}/replies`, dora.token)).toMatchObject({
      body: { messages: [{ text: `${secret} too` }] },
    });
  });
});

/** What becomes of every command about a room or a message. */
const outcomesOf = async (socket: TestSocket, { room, message }: Place): Promise<Record<string, Outcome>> => {
  const fields: Record<string, unknown> = {
    ...{ room, message, user: anaId, text: 'Mine', topic: 'Mine', emoji: '👍', on: true },
    ...{ archived: true, level: 'all', index: 1 },
  };
  const outcomes: Record<string, Outcome> = {};
  for (const [kind, { properties }] of Object.entries(clientCommands)) {
    if (!('room' in properties) && !('message' in properties)) continue;
    const names = Object.keys(properties).filter((name) => name in fields);
    const body = Object.fromEntries(names.map((name) => [name, fields[name]]));
    const id = newCommandId();
    socket.send(JSON.stringify({ type: 'do', id, kind, body }));
    outcomes[kind] = (await socket.frame('done', (frame) => frame.id === id)).outcome;
  }
  return outcomes;
};

describe('who is not in an open room', () => {
  it('does nothing in it but go in, and be told what there is', async () => {
    const { token } = await cluster.join('Passer-by');
    const socket = await cluster.socket(token);
    const outcomes = await outcomesOf(socket, open);
    expect(outcomes).toEqual({
      'room.edit': { ok: false, code: 'not-a-member' },
      'room.archive': { ok: false, code: 'not-allowed' },
      'room.invite': { ok: false, code: 'not-a-member' },
      'room.remove': { ok: false, code: 'not-allowed' },
      'room.notify': { ok: false, code: 'not-a-member' },
      'room.join': { ok: true },
      'room.leave': { ok: true },
      'message.post': { ok: false, code: 'not-a-member' },
      'message.edit': { ok: false, code: 'not-the-author' },
      'message.delete': { ok: false, code: 'not-the-author' },
      'message.react': { ok: false, code: 'not-a-member' },
      'message.pin': { ok: false, code: 'not-a-member' },
      'read.mark': { ok: false, code: 'not-a-member' },
    });
    const { body } = await ask('GET', `/api/v1/messages/${open.message}`, ana.token);
    expect(body).toMatchObject({ text: `${secret} still`, reactions: [{ count: 1 }] });
  });
});

describe('who is not signed in', () => {
  it('is asked to, by every route but those for coming in and those about the servers', async () => {
    const free: string[] = [];
    for (const operation of operations) {
      const path = fill(operation.path, open).replaceAll(/\{\w+\}/g, '1');
      const { status, body } = await ask(operation.method, path, undefined, bodies[operation.id]);
      if (status !== 401) free.push(operation.id);
      else expect(body).toMatchObject({ error: { code: 'not-signed-in' } });
    }
    expect(free.sort()).toEqual(['getFingerprint', 'getHealth', 'getReadiness', 'getTopology', 'join', 'signIn']);
  });
});
