/**
 * `connect`: puts the parts together. The connection finds a server, the stream hands out events once, the commands
 * wait for their answers, HTTP asks for the rest. This file only passes between them what each says.
 */

import {
  type ClusterBrief,
  EstafetError,
  newCommandId,
  type ServerFrame,
  type User,
  type WelcomeFrame,
} from '../protocol/index.ts';
import { addressBook, known, originOf } from './addresses.ts';
import { inBrowser, likelyAddresses, listenForHints, pageOrigin, remember } from './browser.ts';
import { Watches } from './channels.ts';
import { Commands } from './commands.ts';
import { addressesIn, connection } from './connection.ts';
import { emitter } from './emitter.ts';
import type { MachineState } from './machine-types.ts';
import { memoryOutbox } from './outbox.ts';
import { publicState, sameState } from './public-state.ts';
import { requests } from './requests.ts';
import { roomHandle } from './room.ts';
import type { RoomHandle } from './room-types.ts';
import { Stream } from './stream.ts';
import type { Chat, ChatSignals, ConnectionState, ConnectOptions } from './types.ts';
import { workspaceCalls } from './workspace.ts';

const bookFor = (servers: readonly string[]) => {
  const here = pageOrigin();
  const asked = servers.length === 0 && here !== null ? [here] : servers;
  const given = asked.map((address) => {
    const origin = originOf(address);
    if (origin === null) throw new EstafetError('bad-request', `"${address}" is not the address of a server.`);
    return origin;
  });
  if (given.length === 0) throw new EstafetError('bad-request', 'Give at least one address in `servers`.');
  return addressBook(given, likelyAddresses());
};

/**
 * Connects to a cluster, and stays connected until `close()`, through losses of servers and of the network.
 * Throws `bad-request` when an address is none; whatever happens later is told by `state`.
 */
export const connect = (options: ConnectOptions): Chat => {
  const book = bookFor(options.servers);
  let token = options.token ?? null;
  let you: User | null = null;
  /** Whose session it was last time, until a server says otherwise. */
  let youBefore = options.you ?? null;
  /** Whether the person is signing out by themselves. */
  let leaving = false;
  let server: string | null = null;
  let cluster: ClusterBrief | null = null;
  let clockOffsetMs = 0;
  /** The position before the newest welcome. */
  let positionBefore = 0;
  let shown: ConnectionState = { kind: 'idle' };
  const rooms = new Map<string, RoomHandle>();
  const stream = new Stream(options.after ?? null);

  const signals = emitter<ChatSignals>((error, name) => {
    if (name === 'error') console.error(error);
    else failed(error);
  });
  const failed = (error: unknown): void => {
    if (signals.count('error') === 0) console.error(error);
    else signals.emit('error', error);
  };

  const commands = new Commands({
    outbox: options.outbox ?? memoryOutbox(),
    write: (frame) => link.write(frame),
    bufferedBytes: () => link.bufferedBytes,
    by: () => you?.id ?? youBefore,
    progress: (step) => signals.emit('sent', step),
    failed,
  });

  const watches = new Watches((frame) => link.write(frame), failed);

  const setCluster = ({ epoch, primary, front, servers }: ClusterBrief): void => {
    cluster = { epoch, primary, front, servers };
    remember(addressesIn(cluster).map(({ url }) => url));
  };

  const receive = (frame: Exclude<ServerFrame, WelcomeFrame>): void => {
    switch (frame.type) {
      case 'events':
        for (const event of stream.accept(frame)) {
          if (event.type === 'user.changed' && event.user.id === you?.id) you = event.user;
          signals.emit('event', event);
        }
        return;
      case 'done':
        commands.done(frame);
        return;
      case 'error':
        if (frame.id !== undefined) commands.error({ ...frame, id: frame.id });
        return;
      case 'servers':
        setCluster(frame);
        if (cluster !== null) signals.emit('cluster', cluster);
        return;
      case 'cast':
        if (frame.topic === 'typing') signals.emit('typing', { room: frame.room, user: frame.user });
        else signals.emit('presence', frame.online);
        return;
      case 'reset': {
        const { state } = link;
        if (state.kind !== 'online') return;
        const announced = state.continuity === 'reset' && stream.position === frame.index;
        const from = stream.position ?? 0;
        stream.reset(frame.index);
        link.tell({ type: 'reset', socket: state.socket });
        if (!announced) signals.emit('reset', { from, index: frame.index });
        return;
      }
      case 'news':
        watches.heard(frame);
        return;
      case 'pong':
        return;
    }
  };

  /** What a new state means for the parts, before the program hears of it. */
  const enter = (state: MachineState, before: MachineState): void => {
    if (before.kind === 'online' && state.kind !== 'online') {
      server = null;
      commands.offline();
    }
    if (state.kind === before.kind) return;
    if (state.kind === 'signed-out') {
      you = null;
      youBefore = null;
      stream.restart();
      commands.refuseAll(state.code, leaving);
    }
    if (before.kind === 'signed-out') commands.reopen();
  };

  const announce = (state: MachineState, before: MachineState): void => {
    const now = publicState(state);
    if (sameState(now, shown)) return;
    shown = now;
    signals.emit('state', now);
    if (state.kind !== 'online' || before.kind === 'online') return;
    if (cluster !== null) signals.emit('cluster', cluster);
    if (state.continuity === 'reset') signals.emit('reset', { from: positionBefore, index: stream.position ?? 0 });
    watches.online();
    if (you !== null && link.state === state) commands.online(you.id);
  };

  const link = connection(book, {
    hello: () => ({ token, after: stream.position }),
    welcome: (frame) => {
      you = frame.you;
      server = frame.server;
      clockOffsetMs = frame.at - Date.now();
      setCluster(frame);
      positionBefore = stream.position ?? 0;
      return stream.resume(frame.index);
    },
    frame: receive,
    waiting: () => commands.waiting,
    changed: (state, before) => {
      enter(state, before);
      announce(state, before);
      if (state.kind === 'online') commands.tick();
    },
  });

  /** Where HTTP goes: the server of the socket, then the others. */
  const addresses = (): readonly string[] => {
    const { state } = link;
    const first = 'url' in state ? [state.url] : state.book.preferred === null ? [] : [state.book.preferred];
    return [...new Set([...first, ...known(state.book)])];
  };

  const http = requests({ addresses, token: () => token });
  const stopHints = listenForHints((what) => link.tell({ type: what }));

  /** Opens a session: by cookie in a browser, else with a token, which is kept. */
  const enterBy = async (path: string, who: object, device: string | undefined) => {
    const asked = { ...who, ...(device === undefined ? {} : { device }), ...(inBrowser ? {} : { returnToken: true }) };
    const { url, body } = await http.request('POST', path, asked);
    const joined = body as { readonly user: User; readonly token?: string };
    if (joined.token !== undefined) token = joined.token;
    link.tell({ type: 'sign-in', at: url });
    return { user: joined.user, token: joined.token ?? null };
  };

  const chat: Chat = {
    get state() {
      return shown;
    },
    get you() {
      return you;
    },
    get server() {
      return server;
    },
    get url() {
      return addresses()[0] ?? '';
    },
    get cluster() {
      return cluster;
    },
    get position() {
      return stream.position ?? 0;
    },
    get clockOffsetMs() {
      return clockOffsetMs;
    },
    get pending() {
      return commands.pending;
    },
    on: signals.on,
    ready: () =>
      new Promise((resolve, reject) => {
        const judge = (state: ConnectionState): boolean => {
          if (state.kind === 'online') resolve();
          else if (state.kind === 'signed-out') reject(new EstafetError(state.code));
          else if (state.kind === 'closed') reject(new EstafetError('shutting-down', 'This client has been closed.'));
          else return false;
          return true;
        };
        if (judge(shown)) return;
        const stop = signals.on('state', (state) => {
          if (judge(state)) stop();
        });
      }),
    room: (ref) => {
      const handle = rooms.get(ref) ?? roomHandle(ref, { chat, failed, cast });
      rooms.set(ref, handle);
      return handle;
    },
    newId: () => newCommandId(clockOffsetMs),
    watch: (channel, handler) => watches.watch(channel, handler),
    say: (channel, body) => watches.say(channel, body),
    do: (kind, body, how) => commands.do(kind, body, how?.id ?? newCommandId(clockOffsetMs)),
    ...workspaceCalls({
      do: (kind, body, how) => chat.do(kind, body, how),
      request: (method, path, body) => chat.request(method, `/api/v1${path}`, body),
      room: (ref) => chat.room(ref),
      newId: () => chat.newId(),
    }),
    request: async (method, path, body) => (await http.request(method, path, body)).body,
    join: (name, device) => enterBy('/api/v1/join', { name }, device),
    signInWith: (name, password, device) => enterBy('/api/v1/sign-in', { name, password }, device),
    signIn: (fresh) => {
      if (fresh !== undefined) token = fresh;
      link.tell({ type: 'sign-in', at: null });
    },
    signOut: async () => {
      leaving = true;
      try {
        await http.request('POST', '/api/v1/sign-out');
        token = null;
        link.tell({ type: 'sign-out' });
      } finally {
        leaving = false;
      }
    },
    wake: () => link.tell({ type: 'wake' }),
    close: () => {
      if (link.state.kind === 'closed') return;
      stopHints();
      commands.close();
      watches.clear();
      http.close();
      link.tell({ type: 'close' });
      signals.clear();
    },
  };
  const cast = (room: string): void => void link.write({ type: 'cast', topic: 'typing', room });

  // Begun in the next microtask, so that handlers added right after `connect` miss no state.
  queueMicrotask(() => link.tell({ type: 'start' }));
  return chat;
};
