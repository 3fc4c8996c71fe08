/**
 * The connection as a state machine: `transition(state, event, chance)` gives the next state and what is to be done.
 *
 * Sans-io: no clock, timer, socket or randomness here; `connection.ts` is the shell that has them. The table is total:
 * each state has a cell for each event, or this file does not compile. There is at most one socket and one timer at a
 * time: opening a socket drops the one before, arming the timer disarms it. Events about a socket that is not the
 * current one change nothing.
 */
import { type ErrorCode, limits } from '../protocol/index.ts';
import { type AddressBook, choose, learn, markTried, settle } from './addresses.ts';
import type {
  Effect,
  EventOf,
  EventType,
  MachineEvent,
  MachineState,
  Memory,
  StateKind,
  StateOf,
  Step,
} from './machine-types.ts';

type Cell<K extends StateKind, T extends EventType> = (state: StateOf<K>, event: EventOf<T>, chance: number) => Step;
type Row<K extends StateKind> = { readonly [T in EventType]: Cell<K, T> };
type Table = { readonly [K in StateKind]: Row<K> };

/** The machine before `start`. */
export const initialState = (book: AddressBook): MachineState => ({
  kind: 'idle',
  book,
  sockets: 0,
  losses: 0,
  refusals: 0,
});

const memoryOf = ({ book, sockets, losses, refusals }: MachineState): Memory => ({ book, sockets, losses, refusals });
const stay = (state: MachineState): Step => ({ state, effects: [] });
const dropOf = (state: MachineState): readonly Effect[] =>
  'socket' in state ? [{ do: 'drop', socket: state.socket }] : [];

const connecting = (state: MachineState, chance: number): Step => {
  const { url, book } = choose(state.book, chance);
  const socket = state.sockets + 1;
  return {
    state: { ...memoryOf(state), kind: 'connecting', book, sockets: socket, socket, url },
    effects: [...dropOf(state), { do: 'open', socket, url }, { do: 'arm', ms: limits.clientConnectDeadlineMs }],
  };
};

const backingOff = (state: MachineState, delayMs: number): Step => ({
  state: { ...memoryOf(state), kind: 'backing-off', delayMs },
  effects: [...dropOf(state), { do: 'arm', ms: delayMs }],
});

/** After the first loss another address at once; then full jitter, so that many clients do not come in step. */
const lost = (state: MachineState, chance: number): Step => {
  const losses = state.losses + 1;
  const counted = { ...state, losses };
  if (losses === 1) return connecting(counted, chance);
  const ceilingMs = Math.min(limits.clientBackoffCapMs, limits.clientBackoffBaseMs * 2 ** Math.min(losses - 2, 20));
  return backingOff(counted, Math.floor(chance * ceilingMs));
};

/** Loses a server that had said welcome: its own address is no better than the one it was reached by. */
const lostOnline = (state: StateOf<'online'>, chance: number): Step => {
  const ownUrls = state.book.learned.filter(({ name }) => name === state.server).map(({ url }) => url);
  return lost({ ...state, book: markTried(state.book, ...ownUrls, state.url) }, chance);
};

const signedOut = (state: MachineState, code: ErrorCode): Step => ({
  state: { ...memoryOf(state), kind: 'signed-out', code, losses: 0, refusals: 0 },
  effects: [...dropOf(state), { do: 'disarm' }],
});

const closed = (state: MachineState): Step => ({
  state: { ...memoryOf(state), kind: 'closed' },
  effects: [...dropOf(state), { do: 'disarm' }],
});

/**
 * Who sent no token at all is signed out. A token that is not known is asked about once more, elsewhere if possible: a
 * server that lags may not know a new session yet.
 */
const refused = (state: MachineState, code: 'not-signed-in' | 'session-ended'): Step => {
  if (code === 'not-signed-in' || state.refusals >= 1) return signedOut(state, code);
  return backingOff({ ...state, refusals: state.refusals + 1 }, limits.clientRefusalRetryMs);
};

const relearn = (state: MachineState, event: EventOf<'servers'>): Step =>
  stay({ ...state, book: learn(state.book, event.learned) });

const signIn = (state: MachineState, event: EventOf<'sign-in'>, chance: number): Step => {
  const at = event.at ?? state.book.preferred;
  const book = at === null ? { ...state.book, tried: [] } : settle(state.book, at);
  return connecting({ ...state, book, losses: 0, refusals: 0 }, chance);
};

const ping = (state: StateOf<'online'>): Step => ({
  state: { ...state, quietTicks: 0, pingTicks: 0 },
  effects: [
    { do: 'ping', socket: state.socket },
    { do: 'arm', ms: limits.clientTickMs },
  ],
});

/** A look at a connection that stands: quiet for too long, ask; no answer in time, give it up. */
const look = (state: StateOf<'online'>, event: EventOf<'timer'>, chance: number): Step => {
  const again: readonly Effect[] = [{ do: 'arm', ms: limits.clientTickMs }];
  const stood = { ...state, losses: 0, book: settle(state.book, state.url) };
  if (event.heard) return { state: { ...stood, quietTicks: 0, pingTicks: null }, effects: again };
  if (state.pingTicks !== null) {
    const pingTicks = state.pingTicks + 1;
    if (pingTicks * limits.clientTickMs >= limits.clientPingDeadlineMs) return lostOnline(state, chance);
    return { state: { ...state, pingTicks }, effects: again };
  }
  const quietTicks = state.quietTicks + 1;
  const patienceMs = event.waiting ? limits.clientPingAfterWaitingMs : limits.clientPingAfterMs;
  if (quietTicks * limits.clientTickMs >= patienceMs) return ping(stood);
  return { state: { ...stood, quietTicks }, effects: again };
};

/** Lets a cell see only events of the state's own socket. */
const own =
  <S extends Extract<MachineState, { socket: number }>, E extends { readonly socket: number }>(
    cell: (state: S, event: E, chance: number) => Step,
  ) =>
  (state: S, event: E, chance: number): Step =>
    event.socket === state.socket ? cell(state, event, chance) : stay(state);

const table: Table = {
  idle: {
    start: (state, _, chance) => connecting(state, chance),
    opened: stay,
    welcome: stay,
    reset: stay,
    refused: stay,
    failed: stay,
    closed: stay,
    timer: stay,
    servers: relearn,
    wake: stay,
    offline: stay,
    'sign-in': signIn,
    'sign-out': (state) => signedOut(state, 'not-signed-in'),
    close: closed,
  },
  connecting: {
    start: stay,
    opened: own((state) => ({
      state: { ...memoryOf(state), kind: 'greeting', socket: state.socket, url: state.url },
      effects: [
        { do: 'greet', socket: state.socket },
        { do: 'arm', ms: limits.clientWelcomeDeadlineMs },
      ],
    })),
    welcome: stay,
    reset: stay,
    refused: stay,
    failed: own((state, _, chance) => lost(state, chance)),
    closed: own((state, _, chance) => lost(state, chance)),
    timer: (state, _, chance) => lost(state, chance),
    servers: relearn,
    wake: stay,
    offline: stay,
    'sign-in': signIn,
    'sign-out': (state) => signedOut(state, 'not-signed-in'),
    close: closed,
  },
  greeting: {
    start: stay,
    opened: stay,
    welcome: own((state, event) => ({
      state: {
        ...memoryOf(state),
        kind: 'online',
        book: learn(state.book, event.learned),
        refusals: 0,
        socket: state.socket,
        url: state.url,
        server: event.server,
        continuity: event.continuity,
        quietTicks: 0,
        pingTicks: null,
      },
      effects: [{ do: 'arm', ms: limits.clientTickMs }],
    })),
    reset: stay,
    refused: own((state, event) => refused(state, event.code)),
    failed: own((state, _, chance) => lost(state, chance)),
    closed: own((state, _, chance) => lost(state, chance)),
    timer: (state, _, chance) => lost(state, chance),
    servers: relearn,
    wake: stay,
    offline: stay,
    'sign-in': signIn,
    'sign-out': (state) => signedOut(state, 'not-signed-in'),
    close: closed,
  },
  online: {
    start: stay,
    opened: stay,
    welcome: stay,
    reset: own((state) => stay({ ...state, continuity: 'reset' })),
    // It knew the session when it said welcome, so the session has ended since.
    refused: own((state) => signedOut(state, 'session-ended')),
    failed: own((state, _, chance) => lostOnline(state, chance)),
    closed: own((state, _, chance) => lostOnline(state, chance)),
    timer: look,
    servers: relearn,
    wake: (state) => (state.pingTicks === null ? ping(state) : stay(state)),
    offline: (state) => (state.pingTicks === null ? ping(state) : stay(state)),
    'sign-in': signIn,
    'sign-out': (state) => signedOut(state, 'not-signed-in'),
    close: closed,
  },
  'backing-off': {
    start: stay,
    opened: stay,
    welcome: stay,
    reset: stay,
    refused: stay,
    failed: stay,
    closed: stay,
    timer: (state, _, chance) => connecting(state, chance),
    servers: relearn,
    wake: (state, _, chance) => connecting(state, chance),
    offline: stay,
    'sign-in': signIn,
    'sign-out': (state) => signedOut(state, 'not-signed-in'),
    close: closed,
  },
  'signed-out': {
    start: stay,
    opened: stay,
    welcome: stay,
    reset: stay,
    refused: stay,
    failed: stay,
    closed: stay,
    timer: stay,
    servers: relearn,
    wake: stay,
    offline: stay,
    'sign-in': signIn,
    'sign-out': stay,
    close: closed,
  },
  closed: {
    start: stay,
    opened: stay,
    welcome: stay,
    reset: stay,
    refused: stay,
    failed: stay,
    closed: stay,
    timer: stay,
    servers: stay,
    wake: stay,
    offline: stay,
    'sign-in': stay,
    'sign-out': stay,
    close: stay,
  },
};

/**
 * The next state, and what is to be done to get there. Nothing to be done and nothing changed: the same object.
 * @param chance from 0 up to but not including 1; a fresh one for each call
 */
export const transition = (state: MachineState, event: MachineEvent, chance: number): Step => {
  const cell = table[state.kind][event.type] as (state: MachineState, event: MachineEvent, chance: number) => Step;
  return cell(state, event, chance);
};
