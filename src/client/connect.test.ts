import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../../test/support/eventually.ts';
import { type ScriptedServer, scriptedServer, welcomeOf, welcoming } from '../../test/support/scripted-server.ts';
import { type ChatEvent, closeCodes } from '../protocol/index.ts';
import { connect } from './chat.ts';
import type { Chat, ConnectionState, ConnectOptions } from './types.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

const servers = async (...names: string[]): Promise<ScriptedServer[]> => {
  const opened = await Promise.all(names.map((name) => scriptedServer(name)));
  cleanups.push(...opened.map((server) => () => server.close()));
  return opened;
};

/** A client, with every state it has been in. */
const client = (options: ConnectOptions): { chat: Chat; states: ConnectionState[]; events: ChatEvent[] } => {
  const chat = connect(options);
  const states: ConnectionState[] = [];
  const events: ChatEvent[] = [];
  chat.on('state', (state) => states.push(state));
  chat.on('event', (event) => events.push(event));
  cleanups.push(() => chat.close());
  return { chat, states, events };
};

const posted = (index: number, room = 'general'): ChatEvent => ({
  type: 'message.posted',
  index,
  message: { id: `m${index}`, index, room, text: `text ${index}`, by: 'u2', name: 'Rui', at: 0 },
});

describe('connecting', () => {
  it('says hello with the token in the frame, and begins where the server is', async () => {
    const [one] = await servers('s1');
    welcoming([one!], 41);
    const { chat } = client({ servers: [one!.url], token: 'secret' });
    await chat.ready();
    expect(one!.hellos).toEqual([{ type: 'hello', token: 'secret' }]);
    expect(chat).toMatchObject({
      position: 41,
      server: 's1',
      url: one!.url,
      you: { name: 'Ana' },
      state: { kind: 'online', url: one!.url, server: 's1', continuity: 'fresh' },
    });
  });

  it('resumes from a position of an earlier run', async () => {
    const [one] = await servers('s1');
    welcoming([one!]);
    const { chat } = client({ servers: [one!.url], after: 12 });
    await chat.ready();
    expect(one!.hellos).toEqual([{ type: 'hello', after: 12 }]);
    expect(chat.state).toMatchObject({ continuity: 'recovered' });
  });

  it('makes ids by the cluster’s clock', async () => {
    const [one] = await servers('s1');
    const dayMs = 86_400_000;
    one!.onFrame = (_, socket) => socket.send({ ...welcomeOf(one!, 0, [one!]), at: Date.now() + dayMs } as never);
    const { chat } = client({ servers: [one!.url] });
    await chat.ready();
    expect(Math.abs(chat.clockOffsetMs - dayMs)).toBeLessThan(5_000);
  });

  it('throws for an address that is none', () => {
    expect(() => connect({ servers: ['localhost 5000'] })).toThrow(/"localhost 5000" is not the address/);
    expect(() => connect({ servers: [] })).toThrow(/at least one address/);
  });

  it('goes to the next address when a stopped server takes the connection and never answers', async () => {
    const [one, two] = await servers('s1', 's2');
    one!.stopAccepting();
    welcoming([two!]);
    const { chat } = client({ servers: [one!.url, two!.url] });
    await chat.ready();
    expect(chat.server).toBe('s2');
  });

  it('goes to the next address when a server never says welcome', async () => {
    const [one, two] = await servers('s1', 's2');
    welcoming([two!]);
    const { chat } = client({ servers: [one!.url, two!.url] });
    await chat.ready();
    expect(one!.hellos).toHaveLength(1);
    expect(chat.server).toBe('s2');
  });
});

describe('losing a server', () => {
  it('goes at once to a server it has only heard of, and resumes at its position', async () => {
    const [one, two] = await servers('s1', 's2');
    welcoming([one!, two!]);
    const { chat, states, events } = client({ servers: [one!.url] });
    await chat.ready();
    one!.sockets[0]!.send({ type: 'events', room: 'general', upto: 7, events: [posted(5), posted(7)] });
    await eventually('position 7', () => chat.position === 7);
    await one!.close();
    await eventually('online at s2', () => chat.server === 's2');
    expect(two!.hellos).toEqual([{ type: 'hello', after: 7 }]);
    expect(chat.state).toMatchObject({ kind: 'online', continuity: 'recovered' });
    expect(states.map(({ kind }) => kind)).not.toContain('backing-off');
    expect(events.map(({ index }) => index)).toEqual([5, 7]);
  });

  it('goes on trying with growing waits while all are dead, and comes back when one is', async () => {
    const [one] = await servers('s1');
    welcoming([one!]);
    const { chat, states } = client({ servers: [one!.url] });
    await chat.ready();
    const port = Number(new URL(one!.url).port);
    await one!.close();
    await eventually('several losses', () => states.some((state) => 'losses' in state && state.losses >= 4));
    const again = await scriptedServer('s1', port);
    cleanups.push(() => again.close());
    welcoming([again]);
    await eventually('online again', () => chat.state.kind === 'online');
  });

  it('follows a server that stops in order to another at once', async () => {
    const [one, two] = await servers('s1', 's2');
    welcoming([one!, two!]);
    const { chat, states } = client({ servers: [one!.url, two!.url] });
    await chat.ready();
    one!.sockets[0]!.close(closeCodes.goingAway);
    await eventually('online at s2', () => chat.server === 's2');
    expect(states.map(({ kind }) => kind)).not.toContain('backing-off');
  });

  it('gives up a server that is silent while a command waits', async () => {
    const [one, two] = await servers('s1', 's2');
    welcoming([one!, two!]);
    const { chat } = client({ servers: [one!.url] });
    await chat.ready();
    one!.answersPings = false;
    const sent = chat.room('general').send('hello?');
    sent.catch(() => {});
    await eventually('online at s2', () => chat.server === 's2');
    expect(one!.sockets[0]!.pings).toBe(1);
    await eventually('the command is sent again', () => two!.sockets[0]!.frames.length === 2);
    expect(two!.sockets[0]!.frames.map(({ type }) => type)).toEqual(['hello', 'do']);
  });

  it('asks a quiet server and stays when it answers', async () => {
    const [one] = await servers('s1');
    welcoming([one!]);
    const { chat, states } = client({ servers: [one!.url] });
    await chat.ready();
    chat.wake();
    await eventually('a ping', () => one!.sockets[0]!.pings >= 1);
    // Past the deadline of that ping, when the next look after the quiet time asks again.
    await eventually('another ping', () => one!.sockets[0]!.pings >= 2);
    expect(states.filter(({ kind }) => kind === 'online')).toHaveLength(1);
  });

  it('does not come back after close', async () => {
    const [one] = await servers('s1');
    welcoming([one!]);
    const { chat } = client({ servers: [one!.url] });
    await chat.ready();
    chat.close();
    expect(chat.state).toEqual({ kind: 'closed' });
    await eventually('the socket’s end', () => !one!.sockets[0]!.isOpen);
    chat.wake();
    chat.signIn('other');
    expect(chat.state).toEqual({ kind: 'closed' });
    await expect(chat.ready()).rejects.toMatchObject({ code: 'shutting-down' });
    await expect(chat.rooms()).rejects.toMatchObject({ code: 'shutting-down' });
    expect(one!.sockets).toHaveLength(1);
  });
});

describe('the stream', () => {
  it('hands out each event once, in order, whatever a server repeats', async () => {
    const [one, two] = await servers('s1', 's2');
    welcoming([one!, two!]);
    const { chat, events } = client({ servers: [one!.url] });
    await chat.ready();
    const first = one!.sockets[0]!;
    first.send({ type: 'events', room: 'general', upto: 1, events: [posted(1)] });
    first.send({ type: 'events', room: 'general', upto: 1, events: [posted(1)] });
    first.send({ type: 'events', room: 'general', upto: 1, events: [posted(2), posted(4)] });
    await eventually('event 4', () => events.length === 3);
    // Cut before the frame of the other room that ends the turn.
    first.cut();
    const second = await two!.greeted(1);
    expect(two!.hellos[0]).toMatchObject({ after: 1 });
    second.send({ type: 'events', room: 'general', upto: 1, events: [posted(2), posted(4)] });
    second.send({ type: 'events', room: 'other', upto: 4, events: [posted(3, 'other')] });
    second.send({ type: 'events', room: 'general', upto: 5, events: [posted(5)] });
    await eventually('event 5', () => chat.position === 5);
    expect(events.map(({ index }) => index)).toEqual([1, 2, 4, 3, 5]);
  });

  it('tells a reset apart, once, and goes on after it', async () => {
    const [one] = await servers('s1');
    one!.onFrame = (_, socket) => socket.send(welcomeOf(one!, 5, [one!]));
    const { chat, states, events } = client({ servers: [one!.url], after: 5 });
    const resets: object[] = [];
    chat.on('reset', (reset) => resets.push(reset));
    await chat.ready();
    expect(states.at(-1)).toMatchObject({ continuity: 'recovered' });
    one!.sockets[0]!.send({ type: 'reset', index: 900 });
    one!.sockets[0]!.send({ type: 'events', room: 'general', upto: 901, events: [posted(900), posted(901)] });
    await eventually('position 901', () => chat.position === 901);
    expect(states.at(-1)).toMatchObject({ kind: 'online', continuity: 'reset' });
    expect(resets).toEqual([{ from: 5, index: 900 }]);
    expect(events.map(({ index }) => index)).toEqual([901]);
  });

  it('is reset when the cluster’s log is a shorter one, though the server says it twice', async () => {
    const [one] = await servers('s1');
    one!.onFrame = (frame, socket) => {
      if (frame.type !== 'hello') return;
      socket.send(welcomeOf(one!, 3, [one!]));
      socket.send({ type: 'reset', index: 3 });
      socket.send({ type: 'events', room: 'general', upto: 4, events: [posted(4)] });
    };
    const { chat, events } = client({ servers: [one!.url], after: 5_000 });
    const resets: object[] = [];
    chat.on('reset', (reset) => resets.push(reset));
    await eventually('position 4', () => chat.position === 4);
    expect(resets).toEqual([{ from: 5_000, index: 3 }]);
    expect(events.map(({ index }) => index)).toEqual([4]);
  });

  it('survives frames that are none', async () => {
    const [one] = await servers('s1');
    welcoming([one!]);
    const { chat, events } = client({ servers: [one!.url] });
    await chat.ready();
    const junk = [
      '',
      'null',
      '[]',
      '7',
      '{',
      '{"type":"__proto__"}',
      '{"type":"constructor"}',
      '{"type":"welcome"}',
      '{"type":"servers","servers":7}',
      '{"type":"servers","epoch":1,"primary":null,"front":"javascript:1","servers":[null,{"name":"s9"}]}',
      '{"type":"events"}',
      '{"type":"events","room":"general","upto":-1,"events":[]}',
      '{"type":"events","room":"general","upto":0,"events":[null,7,{"index":1},{"type":"toString","index":1}]}',
      '{"type":"events","room":"general","upto":0,"events":[{"type":"message.posted","index":9,"message":null}]}',
      '{"type":"done"}',
      '{"type":"done","id":"unknown","index":1,"stored":1,"outcome":{"ok":true}}',
      '{"type":"error"}',
      '{"type":"error","code":"code-of-the-future","message":"?"}',
      '{"type":"error","id":"unknown","code":"internal","message":"?"}',
      '{"type":"reset","index":"x"}',
      '{"type":"cast","topic":"presence","online":7}',
      '{"type":"cast","topic":"future"}',
      '{"type":"frame-of-the-future"}',
    ];
    for (const text of junk) one!.sockets[0]!.send(text);
    one!.sockets[0]!.send({ type: 'events', room: 'general', upto: 1, events: [posted(1)] });
    await eventually('the real event', () => events.length === 1);
    expect(chat.state.kind).toBe('online');
    expect(one!.sockets).toHaveLength(1);
  });

  it('is not disturbed by a handler that throws', async () => {
    const [one] = await servers('s1');
    welcoming([one!]);
    const { chat, events } = client({ servers: [one!.url] });
    const errors: unknown[] = [];
    chat.on('error', (error) => errors.push(error));
    chat.on('event', () => {
      throw new Error('a bug in the program');
    });
    chat.on('event', async () => {
      throw new Error('another one');
    });
    const late: ChatEvent[] = [];
    chat.on('event', (event) => late.push(event));
    await chat.ready();
    one!.sockets[0]!.send({ type: 'events', room: 'general', upto: 1, events: [posted(1)] });
    await eventually('both errors', () => errors.length === 2);
    expect([events.length, late.length, chat.position]).toEqual([1, 1, 1]);
  });

  it('passes on who is online and what the cluster looks like', async () => {
    const [one, two] = await servers('s1', 's2');
    welcoming([one!, two!]);
    const { chat } = client({ servers: [one!.url] });
    const online: (readonly string[])[] = [];
    const primaries: (string | null)[] = [];
    chat.on('presence', (ids) => online.push(ids));
    chat.on('cluster', ({ primary }) => primaries.push(primary));
    await chat.ready();
    one!.sockets[0]!.send({ type: 'cast', topic: 'presence', online: ['u1', 'u2'] });
    one!.sockets[0]!.send({ ...(welcomeOf(one!, 0, [two!]) as object), type: 'servers' } as never);
    await eventually('the news', () => primaries.length === 2);
    expect(online).toEqual([['u1', 'u2']]);
    expect(primaries).toEqual(['s1', 's2']);
    expect(chat.cluster?.primary).toBe('s2');
  });
});

describe('the session', () => {
  it('is over when two servers in a row refuse it; a new token begins anew', async () => {
    const [one, two] = await servers('s1', 's2');
    for (const server of [one!, two!]) {
      server.onFrame = (frame, socket) => {
        if (frame.type !== 'hello') return;
        if (frame.token === 'good') return socket.send(welcomeOf(server, frame.after ?? 50, [one!, two!]));
        socket.send({ type: 'error', code: 'session-ended', message: 'over' });
        socket.close(closeCodes.notSignedIn);
      };
    }
    const { chat } = client({ servers: [one!.url, two!.url], token: 'bad', after: 9 });
    const waiting = chat.room('general').send('mine');
    await expect(chat.ready()).rejects.toMatchObject({ code: 'session-ended' });
    await expect(waiting).rejects.toMatchObject({ code: 'session-ended' });
    expect([one!.hellos.length, two!.hellos.length]).toEqual([1, 1]);
    await expect(chat.room('general').send('late')).rejects.toMatchObject({ code: 'session-ended' });
    chat.signIn('good');
    await chat.ready();
    // Another person, perhaps: the stream does not go on from the position of the one before.
    expect(chat.position).toBe(50);
  });

  it('ends at once when a server ends it that had accepted it', async () => {
    const [one] = await servers('s1');
    welcoming([one!]);
    const { chat } = client({ servers: [one!.url] });
    await chat.ready();
    one!.sockets[0]!.close(closeCodes.notSignedIn);
    await eventually('signed out', () => chat.state.kind === 'signed-out');
    expect(chat.you).toBeNull();
    expect(one!.sockets).toHaveLength(1);
  });

  it('survives one server that does not know it yet', async () => {
    const [one, two] = await servers('s1', 's2');
    welcoming([two!]);
    one!.onFrame = (_, socket) => socket.close(closeCodes.notSignedIn);
    const { chat, states } = client({ servers: [one!.url, two!.url] });
    await chat.ready();
    expect(chat.server).toBe('s2');
    expect(states.map(({ kind }) => kind)).not.toContain('signed-out');
  });
});
