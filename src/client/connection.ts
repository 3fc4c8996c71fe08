/**
 * The shell around the connection machine: runs its effects with real sockets, a real timer and real chance, and feeds
 * what happens back as events. Knows nothing of commands and events of the chat; those are its owner's.
 */
import type { ClientFrame, ClusterBrief, ServerFrame, WelcomeFrame } from '../protocol/index.ts';
import { closeCodes } from '../protocol/index.ts';
import type { AddressBook, LearnedAddress } from './addresses.ts';
import { initialState, transition } from './machine.ts';
import type { Effect, MachineEvent, MachineState } from './machine-types.ts';
import { openSocket, type Socket } from './socket.ts';
import type { Continuity } from './types.ts';

export interface ConnectionOwner {
  /** The token for the hello and the position to resume from. */
  hello(): { readonly token: string | null; readonly after: number | null };
  /** A server took the hello; says how the stream continues. */
  welcome(frame: WelcomeFrame): Continuity;
  /** Any other frame, while online. */
  frame(frame: Exclude<ServerFrame, WelcomeFrame>): void;
  /** Whether commands wait for their answer on the wire. */
  waiting(): boolean;
  /** After each change of state. */
  changed(state: MachineState, before: MachineState): void;
}

export interface Connection {
  readonly state: MachineState;
  /** Bytes written and not yet handed to the network. */
  readonly bufferedBytes: number;
  tell(event: MachineEvent): void;
  /** Writes a frame while online; otherwise does nothing and says so. */
  write(frame: ClientFrame): boolean;
}

/** The addresses in what a cluster says of itself: its servers' and the front door's. */
export const addressesIn = (cluster: ClusterBrief): readonly LearnedAddress[] => [
  ...cluster.servers.map(({ name, url, role }) => ({ name, url, down: role === 'down' })),
  ...(cluster.front === null ? [] : [{ name: null, url: cluster.front, down: false }]),
];

/** A connection that is still idle. */
export const connection = (book: AddressBook, owner: ConnectionOwner): Connection => {
  let state = initialState(book);
  let socket: Socket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let heard = false;

  const receive = (number: number, frame: ServerFrame | null): void => {
    heard = true;
    if (frame === null || !('socket' in state) || state.socket !== number) return;
    if (frame.type === 'error' && frame.id === undefined) {
      const { code } = frame;
      if (code === 'not-signed-in' || code === 'session-ended') tell({ type: 'refused', socket: number, code });
      return;
    }
    if (frame.type === 'welcome') {
      if (state.kind !== 'greeting') return;
      const continuity = owner.welcome(frame);
      tell({ type: 'welcome', socket: number, server: frame.server, continuity, learned: addressesIn(frame) });
      return;
    }
    if (frame.type === 'servers') tell({ type: 'servers', learned: addressesIn(frame) });
    if (state.kind === 'online') owner.frame(frame);
  };

  const ended = (number: number, code: number | null): void => {
    if (code === null) tell({ type: 'failed', socket: number });
    else if (code === closeCodes.notSignedIn) tell({ type: 'refused', socket: number, code: 'session-ended' });
    else tell({ type: 'closed', socket: number, code });
  };

  const run = (effect: Effect): void => {
    switch (effect.do) {
      case 'open': {
        const number = effect.socket;
        socket = openSocket(effect.url, {
          opened: () => tell({ type: 'opened', socket: number }),
          frame: (frame) => receive(number, frame),
          ended: (code) => ended(number, code),
        });
        return;
      }
      case 'greet': {
        const { token, after } = owner.hello();
        socket?.write({
          type: 'hello',
          ...(token === null ? {} : { token }),
          ...(after === null ? {} : { after }),
        });
        return;
      }
      case 'ping':
        socket?.write({ type: 'ping' });
        return;
      case 'drop':
        socket?.drop();
        socket = null;
        return;
      case 'arm':
        clearTimeout(timer);
        heard = false;
        timer = setTimeout(() => tell({ type: 'timer', heard, waiting: owner.waiting() }), effect.ms);
        return;
      case 'disarm':
        clearTimeout(timer);
        timer = undefined;
    }
  };

  const tell = (event: MachineEvent): void => {
    const before = state;
    const step = transition(state, event, Math.random());
    state = step.state;
    for (const effect of step.effects) run(effect);
    if (state !== before) owner.changed(state, before);
  };

  return {
    get state() {
      return state;
    },
    get bufferedBytes() {
      return socket?.bufferedBytes ?? 0;
    },
    tell,
    write: (frame) => {
      if (state.kind !== 'online' || socket === null) return false;
      socket.write(frame);
      return true;
    },
  };
};
