import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../../test/support/eventually.ts';
import { startTestCluster, type TestCluster } from '../server/test-kit.ts';
import { connect } from './chat.ts';
import type { Chat, ConnectOptions } from './types.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

const cluster = async (...names: string[]): Promise<TestCluster> => {
  const started = await startTestCluster({ names });
  cleanups.push(() => started.close());
  return started;
};

const client = (options: ConnectOptions): Chat => {
  const chat = connect(options);
  cleanups.push(() => chat.close());
  return chat;
};

/** A person with a connection to the server at this place. */
const person = async (servers: TestCluster, name: string, at = 0): Promise<Chat> => {
  const { token } = await servers.join(name, at);
  const chat = client({ servers: [servers.url(at)], token });
  await chat.ready();
  return chat;
};

describe('with real servers', () => {
  it('a message sent through one server is heard through another', async () => {
    const servers = await cluster('s1', 's2');
    const ana = await person(servers, 'Ana', 0);
    const rui = await person(servers, 'Rui', 1);
    const heard: string[] = [];
    rui.room('general').on('message', ({ name, text }) => heard.push(`${name}: ${text}`));
    const { id, index, stored } = await ana.room('general').send('hello');
    expect(stored).toBe(2);
    await eventually('the message', () => heard.length === 1);
    expect(heard).toEqual(['Ana: hello']);
    const { messages } = await rui.room('general').history();
    expect(messages.at(-1)).toMatchObject({ id, index, text: 'hello', name: 'Ana' });
  });

  it('joins, asks, makes a room, and signs out', async () => {
    const servers = await cluster('s1');
    const chat = client({ servers: [servers.url()] });
    await expect(chat.ready()).rejects.toMatchObject({ code: 'not-signed-in' });
    const { user, token } = await chat.join('Ana');
    expect(token).not.toBeNull();
    await chat.ready();
    expect(chat.you?.id).toBe(user.id);
    const { id } = await chat.do('room.create', { name: 'lunch' });
    expect((await chat.rooms()).map(({ name }) => name).sort()).toEqual(['general', 'lunch']);
    expect((await chat.room('lunch').info()).id).toBe(id);
    expect((await chat.users()).map(({ name }) => name)).toEqual(['Ana']);
    expect((await chat.session()).user.id).toBe(user.id);
    expect((await chat.topology()).you).toBe('s1');
    await chat.signOut();
    expect(chat.state.kind).toBe('signed-out');
    await expect(chat.session()).rejects.toMatchObject({ code: 'not-signed-in' });
  });

  it('rejects with the chat’s own refusals', async () => {
    const servers = await cluster('s1');
    const ana = await person(servers, 'Ana');
    await expect(ana.room('general').send('  ')).rejects.toMatchObject({ code: 'text-empty' });
    await expect(ana.room('nowhere').send('x')).rejects.toMatchObject({ code: 'no-such-room' });
    await expect(ana.room('nowhere').info()).rejects.toMatchObject({ code: 'no-such-room' });
  });

  it('has every message once and in order while the servers of both ends stop in turn', async () => {
    const servers = await cluster('s1', 's2', 's3');
    const ana = await person(servers, 'Ana', 0);
    const rui = await person(servers, 'Rui', 1);
    const heard: string[] = [];
    const sent: string[] = [];
    rui.on('reset', () => heard.push('reset'));
    rui.room('general').on('message', ({ text }) => heard.push(text));
    const sending = (async () => {
      while (sent.length < 300) {
        const batch = Array.from({ length: 10 }, (_, n) => `message ${sent.length + n}`);
        sent.push(...batch);
        await Promise.all(batch.map((text) => ana.room('general').send(text)));
      }
    })();
    await eventually('some messages', () => heard.length > 50);
    await servers.servers[0]!.close();
    await eventually('more messages', () => heard.length > 150);
    await servers.servers[1]!.close();
    await sending;
    await eventually('all messages', () => heard.length >= sent.length);
    expect(heard).toEqual(sent);
    expect([ana.server, rui.server]).toEqual(['s3', 's3']);
  });

  it('delivers what was written while no server was there', async () => {
    const servers = await cluster('s1', 's2');
    const ana = await person(servers, 'Ana', 1);
    const { token } = await servers.join('Rui');
    const offline = client({ servers: ['http://127.0.0.1:9'], token });
    const first = offline.room('general').send('one');
    const second = offline.room('general').send('two');
    expect(offline.pending.map(({ state }) => state)).toEqual(['pending', 'pending']);
    const ids = offline.pending.map(({ id }) => id);
    offline.close();
    await Promise.allSettled([first, second]);
    // What a lasting outbox would have kept is done by the next run, with the same ids.
    const online = client({ servers: [servers.url()], token });
    const room = online.room('general');
    const results = await Promise.all(['one', 'two'].map((text, n) => room.send(text, { id: ids[n]! })));
    const again = await Promise.all(['one', 'two'].map((text, n) => room.send(text, { id: ids[n]! })));
    expect(again.map(({ index }) => index)).toEqual(results.map(({ index }) => index));
    const { messages } = await ana.room('general').history();
    expect(messages.map(({ text }) => text)).toEqual(['one', 'two']);
  });

  it('gets what it missed, recovered, when a later run resumes from the saved position', async () => {
    const servers = await cluster('s1', 's2');
    const ana = await person(servers, 'Ana', 0);
    const { token } = await servers.join('Rui');
    const first = client({ servers: [servers.url(0)], token });
    await first.ready();
    const saved = first.position;
    first.close();
    await ana.room('general').send('while away');
    const later = client({ servers: [servers.url(1)], token, after: saved });
    const heard: string[] = [];
    later.room('general').on('message', ({ text }) => heard.push(text));
    await eventually('what was missed', () => heard.length === 1);
    expect(heard).toEqual(['while away']);
    expect(later.state).toMatchObject({ continuity: 'recovered' });
  });

  it('is reset by a log that knows less than it, and goes on', async () => {
    const servers = await cluster('s1');
    const { token } = await servers.join('Ana');
    const chat = client({ servers: [servers.url()], token, after: 1_000_000 });
    const resets: number[] = [];
    chat.on('reset', ({ index }) => resets.push(index));
    await chat.ready();
    expect(resets).toEqual([chat.position]);
    const heard: string[] = [];
    chat.room('general').on('message', ({ text }) => heard.push(text));
    await chat.room('general').send('after');
    await eventually('its own message', () => heard.length === 1);
  });

  it('hears who types', async () => {
    const servers = await cluster('s1', 's2');
    const ana = await person(servers, 'Ana', 0);
    const rui = await person(servers, 'Rui', 1);
    const typing: string[] = [];
    rui.room('general').on('typing', ({ user }) => typing.push(user));
    ana.room('general').typing();
    await eventually('typing', () => typing.length > 0);
    expect(typing[0]).toBe(ana.you?.id);
  });
});
