/** Messages over HTTP: replies, reactions, pins, earlier wordings, pages, and writes that are sent twice. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limits, type Message, type MessagePage, newCommandId, type User } from '../protocol/index.ts';
import { type Answer, startTestCluster, type TestCluster } from './test-kit.ts';

type Ask = (method: string, path: string, body?: unknown) => Promise<Answer>;

let cluster: TestCluster;
let ana: User;
let bo: User;
let asAna: Ask;
let asBo: Ask;

beforeAll(async () => {
  cluster = await startTestCluster();
  const join = async (name: string) => {
    const { user, token } = await cluster.join(name);
    const ask: Ask = (method, path, body) => cluster.ask(method, `/api/v1${path}`, { token, body });
    return { user, ask };
  };
  ({ user: ana, ask: asAna } = await join('Ana'));
  ({ user: bo, ask: asBo } = await join('Bo'));
});

afterAll(() => cluster?.close());

const refusal = (status: number, code: string) => ({ status, body: { error: { code } } });
const receipt = { status: 200, body: { id: expect.any(String), index: expect.any(Number) } };

const posted = async (ask: Ask, body: object, room = 'general'): Promise<{ id: string; index: number }> => {
  const answer = await ask('POST', `/rooms/${room}/messages`, body);
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as { id: string; index: number };
};
const messageOf = async (ask: Ask, id: string): Promise<Message> =>
  (await ask('GET', `/messages/${id}`)).body as Message;

describe('a message', () => {
  it('is read by its id, with what it mentions and what it answers', async () => {
    const { id, index } = await posted(asAna, { text: 'Tea, @Bo?' });
    expect(await messageOf(asBo, id)).toEqual({
      ...{ id, index, room: 'general', text: 'Tea, @Bo?', by: ana.id, name: 'Ana', at: expect.any(Number) },
      mentions: [bo.id],
    });
    const reply = await posted(asBo, { text: 'Please.', replyTo: id });
    expect((await messageOf(asAna, reply.id)).replyTo).toEqual({
      id,
      index,
      by: ana.id,
      name: 'Ana',
      text: 'Tea, @Bo?',
    });
    expect(await asAna('GET', `/messages/${id}/replies`)).toMatchObject({
      status: 200,
      body: { messages: [{ id: reply.id, text: 'Please.' }] },
    });
  });

  it('keeps what it said before, the oldest first', async () => {
    const { id } = await posted(asAna, { text: 'one' });
    expect(await asAna('GET', `/messages/${id}/wordings`)).toMatchObject({ body: { wordings: [] } });
    for (const text of ['two', 'three'])
      expect(await asAna('PATCH', `/messages/${id}`, { text })).toMatchObject(receipt);
    const { body } = await asBo('GET', `/messages/${id}/wordings`);
    expect((body as { wordings: { text: string }[] }).wordings.map(({ text }) => text)).toEqual(['one', 'two']);
  });

  it('that is deleted keeps its place, and nothing of what it said', async () => {
    const { id } = await posted(asAna, { text: 'a secret' });
    await asAna('PATCH', `/messages/${id}`, { text: 'another secret' });
    const reply = await posted(asBo, { text: 'Oh!', replyTo: id });
    expect(await asAna('DELETE', `/messages/${id}`)).toMatchObject(receipt);
    expect(await messageOf(asBo, id)).toMatchObject({ id, text: '', deleted: true });
    const shown = [
      await asBo('GET', `/messages/${id}`),
      await asBo('GET', `/messages/${id}/wordings`),
      await asBo('GET', `/messages/${reply.id}`),
    ];
    expect(JSON.stringify(shown.map(({ body }) => body))).not.toContain('secret');
  });
});

describe('reactions', () => {
  it('are counted, and taken back; twice is as once', async () => {
    const { id } = await posted(asAna, { text: 'Cake!' });
    const emoji = encodeURIComponent('👩🏽‍🍳');
    for (const ask of [asAna, asBo, asBo]) {
      expect(await ask('PUT', `/messages/${id}/reactions/${emoji}`)).toMatchObject(receipt);
    }
    expect((await messageOf(asBo, id)).reactions).toEqual([{ emoji: '👩🏽‍🍳', count: 2, by: [bo.id, ana.id] }]);
    expect(await asAna('DELETE', `/messages/${id}/reactions/${emoji}`)).toMatchObject(receipt);
    expect((await messageOf(asAna, id)).reactions).toEqual([{ emoji: '👩🏽‍🍳', count: 1, by: [bo.id] }]);
  });

  it.each(['a', '%20', 'ab', '👍👍', 'x'.repeat(limits.emojiMaxChars + 1)])('%j is none', async (text) => {
    const { id } = await posted(asAna, { text: 'Cake?' });
    const answer = await asAna('PUT', `/messages/${id}/reactions/${encodeURIComponent(text)}`);
    expect(answer).toMatchObject(refusal(400, 'emoji-invalid'));
  });
});

describe('pins', () => {
  it('are listed, the newest first, and taken out', async () => {
    const ids: string[] = [];
    for (const text of ['first', 'second']) {
      const { id } = await posted(asAna, { text });
      expect(await asBo('PUT', `/messages/${id}/pin`)).toMatchObject(receipt);
      ids.unshift(id);
    }
    const { body } = await asAna('GET', '/rooms/general/pins');
    expect((body as { messages: Message[] }).messages).toMatchObject(
      ids.map((id) => ({ id, pinned: { by: bo.id, at: expect.any(Number) } })),
    );
    for (const id of ids) expect(await asAna('DELETE', `/messages/${id}/pin`)).toMatchObject(receipt);
    expect(await asAna('GET', '/rooms/general/pins')).toMatchObject({ body: { messages: [] } });
  });
});

describe('a page', () => {
  it('around an index has as many before as from it on, and goes on both ways', async () => {
    const { id: room } = (await asAna('POST', '/rooms', { name: 'long' })).body as { id: string };
    const sent: { id: string; index: number }[] = [];
    for (let n = 0; n < 12; n++) sent.push(await posted(asAna, { text: `${n}` }, room));
    const page = async (query: string) =>
      (await asAna('GET', `/rooms/${room}/messages?limit=4&${query}`)).body as MessagePage;
    const texts = ({ messages }: MessagePage) => messages.map(({ text }) => text).join(' ');
    const middle = await page(`around=${sent[6]!.index}`);
    expect(texts(middle)).toBe('4 5 6 7');
    expect(texts(await page(`before=${middle.next}`))).toBe('0 1 2 3');
    expect(texts(await page(`after=${middle.newer}`))).toBe('8 9 10 11');
    expect(await page(`around=${sent[0]!.index}`)).toMatchObject({ next: null });
    expect(await page(`around=${sent[11]!.index}`)).toMatchObject({ newer: null });
  });

  it('begins at one cursor only', async () => {
    for (const query of ['after=1&before=2', 'after=1&around=2', 'before=1&around=2']) {
      expect(await asAna('GET', `/rooms/general/messages?${query}`)).toMatchObject(refusal(400, 'bad-request'));
    }
  });
});

describe('a write that is sent twice', () => {
  it.each([
    ['POST', '/rooms/general/messages', { text: 'once' }],
    ['POST', '/rooms', { name: 'once' }],
    ['PATCH', '/messages/:mine', { text: 'once more' }],
    ['PUT', '/messages/:mine/pin', undefined],
    ['DELETE', '/messages/:mine/pin', undefined],
    ['PUT', '/messages/:mine/reactions/%F0%9F%91%8D', undefined],
    ['DELETE', '/messages/:mine/reactions/%F0%9F%91%8D', undefined],
    ['PATCH', '/rooms/:room', { topic: 'again' }],
    ['PATCH', '/rooms/:room', { archived: true }],
    ['PATCH', '/rooms/general', { notify: 'all' }],
    ['PUT', '/rooms/general/read', { index: 5 }],
    ['POST', '/rooms/:open/join', undefined],
    ['POST', '/rooms/:open/leave', undefined],
    ['PUT', '/rooms/:room/members/:bo', undefined],
    ['DELETE', '/rooms/:room/members/:bo', undefined],
    ['POST', '/direct', { users: [':bo'] }],
    ['PATCH', '/profile', { about: 'once' }],
    ['PUT', '/users/:bo/role', { role: 'admin' }],
    ['DELETE', '/messages/:mine', undefined],
  ])('%s %s has one effect, and the first answer', async (method, path, body) => {
    const name = `room-${newCommandId().slice(-8)}`;
    const { id: room } = (await asAna('POST', '/rooms', { name, access: 'closed' })).body as { id: string };
    const { id: open } = (await asBo('POST', '/rooms', { name: `${name}-open` })).body as { id: string };
    if (path.endsWith('/leave')) await asAna('POST', `/rooms/${open}/join`);
    const { id: mine } = await posted(asAna, { text: 'mine' });
    const fill = (text: string): string =>
      text.replace(':mine', mine).replace(':room', room).replace(':open', open).replace(':bo', bo.id);
    const id = newCommandId();
    const given = body === undefined ? undefined : (JSON.parse(fill(JSON.stringify(body))) as object);
    const twice = async (): Promise<Answer> =>
      body === undefined ? asAna(method, `${fill(path)}?id=${id}`) : asAna(method, fill(path), { ...given, id });
    const first = await twice();
    expect(first.status).toBeLessThan(300);
    expect(first.body).toMatchObject({ id });
    // What comes in between is not undone.
    await posted(asAna, { text: 'in between' });
    expect((await twice()).body).toEqual(first.body);
  });

  it('an id that is none is refused, wherever it stands', async () => {
    const { id } = await posted(asAna, { text: 'mine' });
    expect(await asAna('PUT', `/messages/${id}/pin?id=7`)).toMatchObject(refusal(400, 'bad-id'));
    expect(await asAna('PUT', `/messages/${id}/pin`, { id: '7' })).toMatchObject(refusal(400, 'bad-id'));
    expect(await asAna('DELETE', `/messages/${id}?id=7`)).toMatchObject(refusal(400, 'bad-id'));
  });
});
