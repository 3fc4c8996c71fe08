import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../protocol/index.ts';
import { addressBook, known } from './addresses.ts';
import { initialState, transition } from './machine.ts';
import type { Effect, EventOf, EventType, MachineEvent, MachineState, StateKind, StateOf } from './machine-types.ts';

const one = 'http://one:5000';
const two = 'http://two:5001';
const book = addressBook([one, two]);
const memory = { book, sockets: 7, losses: 0, refusals: 0 };

/** One state of each kind, socket 7 being the current one. */
const states: { readonly [K in StateKind]: StateOf<K> } = {
  idle: { kind: 'idle', ...memory },
  connecting: { kind: 'connecting', ...memory, socket: 7, url: one },
  greeting: { kind: 'greeting', ...memory, socket: 7, url: one },
  online: {
    kind: 'online',
    ...memory,
    socket: 7,
    url: one,
    server: 's1',
    continuity: 'recovered',
    quietTicks: 0,
    pingTicks: null,
  },
  'backing-off': { kind: 'backing-off', ...memory, losses: 2, delayMs: 50 },
  'signed-out': { kind: 'signed-out', ...memory, code: 'session-ended' },
  closed: { kind: 'closed', ...memory },
};

/** One event of each type, about socket 7. */
const events: { readonly [T in EventType]: EventOf<T> } = {
  start: { type: 'start' },
  opened: { type: 'opened', socket: 7 },
  welcome: { type: 'welcome', socket: 7, server: 's1', continuity: 'fresh', learned: [] },
  reset: { type: 'reset', socket: 7 },
  refused: { type: 'refused', socket: 7, code: 'session-ended' },
  failed: { type: 'failed', socket: 7 },
  closed: { type: 'closed', socket: 7, code: 1006 },
  timer: { type: 'timer', heard: true, waiting: false },
  servers: { type: 'servers', learned: [{ name: 's3', url: 'http://three:5002', down: false }] },
  wake: { type: 'wake' },
  offline: { type: 'offline' },
  'sign-in': { type: 'sign-in', at: null },
  'sign-out': { type: 'sign-out' },
  close: { type: 'close' },
};

/** What a cell does: `same` is the same object and no effect; otherwise the next state's kind, and the effects' names. */
type Cell = 'same' | readonly [StateKind, ...Effect['do'][]];

const connect = ['connecting', 'open', 'arm'] as const;
const reconnect = ['connecting', 'drop', 'open', 'arm'] as const;
const signedOut = ['signed-out', 'drop', 'disarm'] as const;
const end = ['closed', 'drop', 'disarm'] as const;

/** The whole table, written down a second time. Total by its type. */
const expected: { readonly [K in StateKind]: { readonly [T in EventType]: Cell } } = {
  idle: {
    start: connect,
    opened: 'same',
    welcome: 'same',
    reset: 'same',
    refused: 'same',
    failed: 'same',
    closed: 'same',
    timer: 'same',
    servers: ['idle'],
    wake: 'same',
    offline: 'same',
    'sign-in': connect,
    'sign-out': ['signed-out', 'disarm'],
    close: ['closed', 'disarm'],
  },
  connecting: {
    start: 'same',
    opened: ['greeting', 'greet', 'arm'],
    welcome: 'same',
    reset: 'same',
    refused: 'same',
    failed: reconnect,
    closed: reconnect,
    timer: reconnect,
    servers: ['connecting'],
    wake: 'same',
    offline: 'same',
    'sign-in': reconnect,
    'sign-out': signedOut,
    close: end,
  },
  greeting: {
    start: 'same',
    opened: 'same',
    welcome: ['online', 'arm'],
    reset: 'same',
    refused: ['backing-off', 'drop', 'arm'],
    failed: reconnect,
    closed: reconnect,
    timer: reconnect,
    servers: ['greeting'],
    wake: 'same',
    offline: 'same',
    'sign-in': reconnect,
    'sign-out': signedOut,
    close: end,
  },
  online: {
    start: 'same',
    opened: 'same',
    welcome: 'same',
    reset: ['online'],
    refused: signedOut,
    failed: reconnect,
    closed: reconnect,
    timer: ['online', 'arm'],
    servers: ['online'],
    wake: ['online', 'ping', 'arm'],
    offline: ['online', 'ping', 'arm'],
    'sign-in': reconnect,
    'sign-out': signedOut,
    close: end,
  },
  'backing-off': {
    start: 'same',
    opened: 'same',
    welcome: 'same',
    reset: 'same',
    refused: 'same',
    failed: 'same',
    closed: 'same',
    timer: connect,
    servers: ['backing-off'],
    wake: connect,
    offline: 'same',
    'sign-in': connect,
    'sign-out': ['signed-out', 'disarm'],
    close: ['closed', 'disarm'],
  },
  'signed-out': {
    start: 'same',
    opened: 'same',
    welcome: 'same',
    reset: 'same',
    refused: 'same',
    failed: 'same',
    closed: 'same',
    timer: 'same',
    servers: ['signed-out'],
    wake: 'same',
    offline: 'same',
    'sign-in': connect,
    'sign-out': 'same',
    close: ['closed', 'disarm'],
  },
  closed: {
    start: 'same',
    opened: 'same',
    welcome: 'same',
    reset: 'same',
    refused: 'same',
    failed: 'same',
    closed: 'same',
    timer: 'same',
    servers: 'same',
    wake: 'same',
    offline: 'same',
    'sign-in': 'same',
    'sign-out': 'same',
    close: 'same',
  },
};

const kinds = Object.keys(expected) as StateKind[];
const types = Object.keys(events) as EventType[];

/** Runs events from a state, all with the same chance, and gives the last state. */
const run = (state: MachineState, list: readonly MachineEvent[], chance = 0): MachineState =>
  list.reduce((current, event) => transition(current, event, chance).state, state);

describe('the connection machine', () => {
  describe.each(kinds)('in %s', (kind) => {
    it.each(types)('on %s', (type) => {
      const state: MachineState = states[kind];
      const step = transition(state, events[type], 0.5);
      const cell = expected[kind][type];
      if (cell === 'same') {
        expect(step.state).toBe(state);
        expect(step.effects).toEqual([]);
      } else {
        expect([step.state.kind, ...step.effects.map((effect) => effect.do)]).toEqual([...cell]);
      }
    });
  });

  it('does not listen to a socket that is not the current one', () => {
    for (const kind of kinds) {
      for (const type of types) {
        const event = events[type];
        if (!('socket' in event)) continue;
        const state: MachineState = states[kind];
        expect(transition(state, { ...event, socket: 6 }, 0.5)).toEqual({ state, effects: [] });
      }
    }
  });

  it('tries another address at once after the first loss, and waits before the ones that follow', () => {
    const first = transition({ ...states.online }, events.closed, 0.9);
    expect(first.state).toMatchObject({ kind: 'connecting', url: two, losses: 1 });
    const second = transition(first.state, { type: 'failed', socket: 8 }, 0.9);
    expect(second.state).toMatchObject({ kind: 'backing-off', delayMs: 90, losses: 2 });
  });

  it('jitters over a ceiling that doubles up to the cap', () => {
    const delayAt = (losses: number, chance: number): number => {
      const { state } = transition({ ...states.connecting, losses }, events.failed, chance);
      return state.kind === 'backing-off' ? state.delayMs : -1;
    };
    expect([1, 2, 3, 5, 6, 50].map((losses) => delayAt(losses, 0.999_999))).toEqual([99, 199, 399, 1599, 1999, 1999]);
    expect(delayAt(50, 0)).toBe(0);
  });

  it('does not spin when servers accept and drop it at once', () => {
    let state: MachineState = states.connecting;
    for (let flap = 0; flap < 10; flap++) {
      const socket = state.sockets;
      state = run(state, [
        { type: 'opened', socket },
        { ...events.welcome, socket },
        { type: 'closed', socket, code: 1011 },
      ]);
      if (state.kind === 'backing-off') state = run(state, [events.timer]);
    }
    expect(state.losses).toBe(10);
  });

  it('counts losses anew once a connection has stood for a tick', () => {
    const online = { ...states.online, losses: 5 };
    expect(run(online, [events.timer]).losses).toBe(0);
  });

  it('pings a quiet server and gives it up when it stays quiet, sooner while commands wait', () => {
    const ticksUntilLost = (waiting: boolean): number => {
      let state: MachineState = states.online;
      for (let ticks = 1; ticks < 100; ticks++) {
        state = transition(state, { type: 'timer', heard: false, waiting }, 0).state;
        if (state.kind !== 'online') return ticks;
      }
      return Number.POSITIVE_INFINITY;
    };
    const { clientTickMs, clientPingAfterMs, clientPingAfterWaitingMs, clientPingDeadlineMs } = limits;
    expect(ticksUntilLost(false) * clientTickMs).toBe(clientPingAfterMs + clientPingDeadlineMs);
    expect(ticksUntilLost(true) * clientTickMs).toBe(clientPingAfterWaitingMs + clientPingDeadlineMs);
  });

  it('takes any frame as the answer to a ping', () => {
    const pinged = run(states.online, [events.wake]);
    expect(pinged).toMatchObject({ pingTicks: 0 });
    expect(run(pinged, [events.timer])).toMatchObject({ kind: 'online', pingTicks: null });
  });

  it('believes that its token is worth nothing when two servers in a row say so', () => {
    const once = transition(states.greeting, events.refused, 0);
    expect(once.state).toMatchObject({ kind: 'backing-off', delayMs: limits.clientRefusalRetryMs });
    const again = run(once.state, [events.timer, { type: 'opened', socket: 8 }, { ...events.refused, socket: 8 }]);
    expect(again).toMatchObject({ kind: 'signed-out', code: 'session-ended' });
  });

  it('is signed out at once when it had no token to show', () => {
    const { state } = transition(states.greeting, { type: 'refused', socket: 7, code: 'not-signed-in' }, 0);
    expect(state).toMatchObject({ kind: 'signed-out', code: 'not-signed-in' });
  });

  it('forgets a refusal when another server knows the session', () => {
    const once = run(states.greeting, [events.refused, events.timer, { type: 'opened', socket: 8 }]);
    expect(run(once, [{ ...events.welcome, socket: 8 }]).refusals).toBe(0);
  });

  it('leaves the dead server’s own address for last when it was reached by the front door', () => {
    const learned = [
      { name: 's1', url: 'http://host:5000', down: false },
      { name: 's2', url: 'http://host:5001', down: false },
    ];
    const front = initialState(addressBook(['http://host:8080']));
    const online = run(front, [
      events.start,
      { type: 'opened', socket: 1 },
      { type: 'welcome', socket: 1, server: 's1', continuity: 'fresh', learned },
      events.timer,
    ]);
    expect(transition(online, { type: 'closed', socket: 1, code: 1006 }, 0.99).state).toMatchObject({
      url: 'http://host:5001',
    });
  });

  it('keeps one socket and one timer through any walk', () => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    const type = fc.constantFrom(...types.filter((name) => name !== 'close'));
    const step = fc.record({ type, chance, stale: fc.nat(9), heard: fc.boolean(), waiting: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200, size: 'max' }), fc.boolean(), (steps, ends) => {
        const open = new Set<number>();
        let armed = false;
        let state = initialState(book);
        const take = (event: MachineEvent, by: number): void => {
          const before = state;
          const next = transition(state, event, by);
          state = next.state;
          for (const effect of next.effects) {
            if (effect.do === 'open') {
              expect(open.size).toBe(0);
              expect(known(before.book).concat(known(state.book))).toContain(effect.url);
              open.add(effect.socket);
            } else if (effect.do === 'drop') expect(open.delete(effect.socket)).toBe(true);
            else if (effect.do === 'arm') armed = true;
            else if (effect.do === 'disarm') armed = false;
            else expect(open).toContain(effect.socket);
          }
          expect([...open]).toEqual('socket' in state ? [state.socket] : []);
          expect(armed).toBe(!['idle', 'signed-out', 'closed'].includes(state.kind));
          if (before.kind === 'closed') expect(state).toBe(before);
        };
        for (const { type: name, chance: by, stale, heard, waiting } of steps) {
          if (name === 'timer') {
            // Only an armed timer rings, and then it is no longer armed until armed again.
            if (!armed) continue;
            armed = false;
            const before = state;
            take({ type: 'timer', heard, waiting }, by);
            expect(state === before).toBe(false);
            continue;
          }
          const event = events[name];
          // Mostly about the current socket, sometimes about an old one.
          take('socket' in event ? { ...event, socket: stale === 0 ? state.sockets - 1 : state.sockets } : event, by);
        }
        if (ends) {
          take(events.close, 0);
          expect({ armed, open: open.size, kind: state.kind }).toEqual({ armed: false, open: 0, kind: 'closed' });
        }
      }),
    );
  });
});
