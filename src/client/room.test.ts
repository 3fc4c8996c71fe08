import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../../test/support/eventually.ts';
import { type ScriptedServer, scriptedServer, welcoming } from '../../test/support/scripted-server.ts';
import { type ChatEvent, newCommandId } from '../protocol/index.ts';
import { connect } from './chat.ts';
import type { Chat } from './types.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

const setUp = async (): Promise<{ chat: Chat; server: ScriptedServer; send: (...events: ChatEvent[]) => void }> => {
  const server = await scriptedServer('s1');
  welcoming([server]);
  const chat = connect({ servers: [server.url] });
  cleanups.push(
    () => server.close(),
    () => chat.close(),
  );
  await chat.ready();
  const send = (...events: ChatEvent[]): void =>
    server.sockets[0]!.send({ type: 'events', room: events[0]!.type, upto: events.at(-1)!.index, events });
  return { chat, server, send };
};

const message = (
  index: number,
  room: string,
  type: 'message.posted' | 'message.edited' = 'message.posted',
): ChatEvent => ({
  type,
  index,
  message: { id: `m${index}`, index, room, text: `${index}`, by: 'u2', name: 'Rui', at: 0 },
});

describe('a room', () => {
  it('hears its own messages and changes only', async () => {
    const { chat, send } = await setUp();
    const heard: string[] = [];
    const room = chat.room('general');
    room.on('message', ({ text }) => heard.push(`message ${text}`));
    room.on('edited', ({ text }) => heard.push(`edited ${text}`));
    send(message(1, 'general'), message(2, 'another'), message(3, 'general', 'message.edited'));
    await eventually('both', () => heard.length === 2);
    expect(heard).toEqual(['message 1', 'edited 3']);
  });

  it('known by name misses nothing while its id is asked for', async () => {
    const { chat, server, send } = await setUp();
    const id = newCommandId();
    let answer = (): void => {};
    server.onRequest = (request, response) => {
      expect(request.url).toBe('/api/v1/rooms/lunch');
      answer = () => void response.writeHead(200).end(JSON.stringify({ id, name: 'lunch' }));
    };
    const heard: string[] = [];
    chat.room('lunch').on('message', ({ text }) => heard.push(text));
    send(message(1, id), message(2, 'general'), message(3, id));
    await eventually('position 3', () => chat.position === 3);
    expect(heard).toEqual([]);
    answer();
    await eventually('those that were held', () => heard.length === 2);
    send(message(4, id));
    await eventually('the one after', () => heard.length === 3);
    expect(heard).toEqual(['1', '3', '4']);
  });

  it('known by name before it exists is heard from when it is made', async () => {
    const { chat, server, send } = await setUp();
    const id = newCommandId();
    let asked = 0;
    server.onRequest = (_, response) => {
      asked++;
      response.writeHead(404).end(JSON.stringify({ error: { code: 'no-such-room', message: 'not yet' } }));
    };
    const heard: string[] = [];
    chat.room('new').on('message', ({ text }) => heard.push(text));
    const room = { id, name: 'new', topic: '', access: 'open', createdBy: 'u2', createdAt: 0 } as const;
    send(message(1, 'general'));
    await eventually('the answer', () => asked === 1);
    send(message(2, 'general'), { type: 'room.created', index: 3, room }, message(4, id));
    await eventually('its first message', () => heard.length === 1);
    expect({ heard, asked }).toEqual({ heard: ['4'], asked: 1 });
  });

  it('is a handle that is the same each time', async () => {
    const { chat } = await setUp();
    expect(chat.room('general')).toBe(chat.room('general'));
  });

  it('asks for history with the cursor it is given', async () => {
    const { chat, server } = await setUp();
    const urls: (string | undefined)[] = [];
    server.onRequest = (request, response) => {
      urls.push(request.url);
      response.writeHead(200).end(JSON.stringify({ messages: [], next: null }));
    };
    const room = chat.room('a/b c');
    await room.history();
    expect(await room.history({ after: 5, limit: 10 })).toEqual({ messages: [], next: null });
    expect(urls).toEqual(['/api/v1/rooms/a%2Fb%20c/messages', '/api/v1/rooms/a%2Fb%20c/messages?after=5&limit=10']);
  });

  it('tells that one types at most once a second, and hears others', async () => {
    const { chat, server } = await setUp();
    const room = chat.room('general');
    const typing: string[] = [];
    room.on('typing', ({ user }) => typing.push(user));
    room.typing();
    room.typing();
    server.sockets[0]!.send({ type: 'cast', topic: 'typing', room: 'general', user: 'u7' });
    await eventually('somebody types', () => typing.length === 1);
    expect(server.sockets[0]!.frames.filter(({ type }) => type === 'cast')).toEqual([
      { type: 'cast', topic: 'typing', room: 'general' },
    ]);
  });

  it('tells each kind of event by a signal of its own', async () => {
    const { chat, send } = await setUp();
    const room = {
      id: 'general',
      name: 'general',
      topic: 'Tea',
      access: 'open',
      createdBy: 'u2',
      createdAt: 0,
    } as const;
    const user = { id: 'u7', name: 'Eva', role: 'member', joinedAt: 0 } as const;
    const reacted = { room: 'general', messageId: 'm1', emoji: '🍵', user: 'u7', on: true, count: 2 } as const;
    const heard: [string, unknown][] = [];
    for (const name of ['reacted', 'pinned', 'changed', 'joined', 'left', 'read', 'notified'] as const) {
      chat.room('general').on(name, (value) => heard.push([name, value]));
    }
    const { message: pinned } = message(2, 'general') as Extract<ChatEvent, { type: 'message.posted' }>;
    const read = { type: 'read.marked', index: 7, room: 'general', user: 'u7', readIndex: 6 } as const;
    send(
      { type: 'message.reacted', index: 1, ...reacted },
      { type: 'message.reacted', index: 2, ...reacted, room: 'another' },
      { type: 'message.pinned', index: 3, message: pinned },
      { type: 'room.changed', index: 4, room },
      { type: 'room.joined', index: 5, room, user },
      { type: 'room.left', index: 6, room, user },
      read,
      { type: 'room.notified', index: 8, room: 'general', level: 'none' },
    );
    await eventually('the last', () => chat.position === 8);
    expect(heard).toEqual([
      ['reacted', { type: 'message.reacted', index: 1, ...reacted }],
      ['pinned', pinned],
      ['changed', room],
      ['joined', user],
      ['left', user],
      ['read', read],
      ['notified', 'none'],
    ]);
  });

  it('is called by its id once that is known, since its name may become another', async () => {
    const { chat, server, send } = await setUp();
    const id = newCommandId();
    const urls: (string | undefined)[] = [];
    server.onRequest = (request, response) => {
      urls.push(request.url);
      response.writeHead(200).end(JSON.stringify({ id, name: 'lunch', messages: [] }));
    };
    const room = chat.room('lunch');
    await room.pins();
    const heard: string[] = [];
    room.on('message', ({ text }) => heard.push(text));
    send(message(1, id));
    await eventually('the message', () => heard.length === 1);
    await room.pins();
    expect(urls).toEqual(['/api/v1/rooms/lunch/pins', '/api/v1/rooms/lunch', `/api/v1/rooms/${id}/pins`]);
  });

  it('known by a name that another room is given is that room', async () => {
    const { chat, server, send } = await setUp();
    const id = newCommandId();
    server.onRequest = (_, response) =>
      void response.writeHead(404).end(JSON.stringify({ error: { code: 'no-such-room', message: 'not yet' } }));
    const heard: string[] = [];
    chat.room('new').on('changed', ({ topic }) => heard.push(topic));
    const room = { id, name: 'new', topic: 'It is', access: 'open', createdBy: 'u2', createdAt: 0 } as const;
    send({ type: 'room.changed', index: 1, room });
    await eventually('the change', () => heard.length === 1);
    expect(heard).toEqual(['It is']);
  });

  it('does as commands what changes something', async () => {
    const { chat, server } = await setUp();
    const room = chat.room('general');
    const greet = server.onFrame;
    server.onFrame = (frame, socket) => {
      greet(frame, socket);
      if (frame.type === 'do') socket.send({ type: 'done', id: frame.id, index: 9, outcome: { ok: true }, stored: 2 });
    };
    const id = chat.newId();
    expect(await room.send('hello', { id })).toEqual({ id, index: 9, stored: 2 });
    await Promise.all([room.markRead(9), room.join(), room.leave()]);
    await Promise.all([room.send('yes', { replyTo: 'm1', files: ['f1'] }), room.edit('m1', 'no'), room.delete('m1')]);
    await Promise.all([room.react('m1', '🍵'), room.unreact('m1', '🍵'), room.pin('m1'), room.unpin('m1')]);
    await Promise.all([room.invite('u1'), room.remove('u1'), room.change({ topic: 'Tea' }), room.setNotify('all')]);
    await Promise.all([room.archive(), room.archive(false)]);
    const done = server.sockets[0]!.frames.filter((frame) => frame.type === 'do');
    expect(done.map(({ kind, body }) => [kind, body])).toEqual([
      ['message.post', { room: 'general', text: 'hello' }],
      ['read.mark', { room: 'general', index: 9 }],
      ['room.join', { room: 'general' }],
      ['room.leave', { room: 'general' }],
      ['message.post', { room: 'general', text: 'yes', replyTo: 'm1', files: ['f1'] }],
      ['message.edit', { message: 'm1', text: 'no' }],
      ['message.delete', { message: 'm1' }],
      ['message.react', { message: 'm1', emoji: '🍵', on: true }],
      ['message.react', { message: 'm1', emoji: '🍵', on: false }],
      ['message.pin', { message: 'm1', on: true }],
      ['message.pin', { message: 'm1', on: false }],
      ['room.invite', { room: 'general', user: 'u1' }],
      ['room.remove', { room: 'general', user: 'u1' }],
      ['room.edit', { room: 'general', topic: 'Tea' }],
      ['room.notify', { room: 'general', level: 'all' }],
      ['room.archive', { room: 'general', archived: true }],
      ['room.archive', { room: 'general', archived: false }],
    ]);
  });
});
