import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ReplicatedLog, Trace } from '../../log/index.ts';
import { openMemoryLogs } from '../../log/memory/index.ts';
import { type ClusterEvent, type Flow, limits } from '../../protocol/index.ts';
import { delegate } from '../test-kit.ts';
import { EventBoard } from './event-board.ts';

/** A server's board, what it has told, and its engine's traces. */
interface Stand {
  readonly board: EventBoard;
  readonly events: ClusterEvent[];
  readonly flows: Flow[];
  leftOut: number;
  trace(trace: Partial<Trace> & Pick<Trace, 'what'>): void;
}

let logs: readonly ReplicatedLog[];
let one: Stand;
let other: Stand;

const standOf = (log: ReplicatedLog): Stand => {
  const handlers = new Set<(trace: Trace) => void>();
  const traced = delegate(log, {
    onTrace: (handler) => {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
  });
  const board = new EventBoard(traced, limits, 1_000);
  const { self: server } = log.topology();
  const stand: Stand = {
    ...{ board, events: [], flows: [], leftOut: 0 },
    trace: (trace) => {
      for (const handler of handlers) handler({ at: 5, server, epoch: 3, ...trace });
    },
  };
  board.onEvents((events, leftOut) => {
    stand.events.push(...events);
    stand.leftOut += leftOut;
  });
  board.onFlows((flows) => stand.flows.push(...flows));
  return stand;
};

/** Everything that was cast has arrived: casts keep their order. */
const arrived = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const applied = (index: number, label: string) => [
  {
    ...{ index, firstIndex: index, id: `id of ${label}`, outcome: { ok: true as const, request: label } },
    ...{ events: [], sessionsEnded: [], piecesFreed: [] },
  },
];

beforeEach(() => {
  logs = openMemoryLogs(['s1', 's2']);
  [one, other] = logs.map(standOf) as [Stand, Stand];
});
afterEach(async () => {
  for (const { board } of [one, other]) board.stop();
  for (const log of logs) await log.close();
});

test('what is rare is told to everybody, whether somebody watches or not', async () => {
  one.trace({ what: 'dropped', peer: 's2', silentMs: 3 });
  one.trace({ what: 'released', peer: 's2' });
  one.board.flush();
  await arrived();
  expect(other.events).toEqual(one.events);
  expect(one.events).toEqual([
    { id: `s1-${(1_000).toString(36)}-1`, at: 5, server: 's1', epoch: 3, what: 'dropped', peer: 's2' },
  ]);
});

test('R22 of entries only those are told that are numbered requests', () => {
  one.trace({ what: 'sequenced', from: 1, upto: 8 });
  one.board.applied(applied(4, 'data-1'));
  one.trace({ what: 'committed', upto: 8 });
  expect(one.events.map(({ what, from, label }) => [what, from, label])).toEqual([
    ['sequenced', 4, 'data-1'],
    ['request-applied', 4, 'data-1'],
    ['committed', 4, 'data-1'],
  ]);
});

test('a request that is applied again is the one of before', () => {
  const [again] = applied(9, 'data-1');
  if (again !== undefined) one.board.applied([{ ...again, firstIndex: 4 }]);
  expect(one.events).toEqual([]);
});

test('R19 R22 so many a second are told one by one, and the rest is counted, also to the others', async () => {
  const surplus = 25;
  for (let at = 0; at < limits.clusterEventsPerSecondMax + surplus; at++)
    one.board.noteRequest({ what: 'request-taken', request: `${at}` });
  one.board.note({ what: 'dying', request: 'rare' });
  one.board.flush();
  await arrived();
  for (const { events, leftOut } of [one, other]) {
    // It may have become another second on the way.
    expect(events.length + leftOut).toBe(limits.clusterEventsPerSecondMax + surplus + 1);
    expect(events.at(-1)?.what).toBe('dying');
  }
  expect(one.leftOut).toBeGreaterThan(0);
});

test('what passes is counted while somebody watches anywhere, and only then', async () => {
  const pass = (): void => {
    one.trace({ what: 'sent', peer: 's2', from: 1, upto: 5 });
    one.trace({ what: 'stored', peer: 's2', upto: 5 });
    logs[1]?.cast('typing', new Uint8Array());
  };
  pass();
  await arrived();
  one.board.flush();
  expect(one.flows).toEqual([]);

  other.board.watched.here(true);
  await arrived();
  expect(one.board.watched.is).toBe(true);
  pass();
  await arrived();
  one.board.flush();
  await arrived();
  const counted = [
    { from: 's1', to: 's2', what: 'append', count: 5 },
    { from: 's2', to: 's1', what: 'stored', count: 1 },
    { from: 's2', to: 's1', what: 'cast', count: 1 },
  ];
  expect(one.flows).toEqual(counted);
  expect(other.flows).toEqual(counted);
});
