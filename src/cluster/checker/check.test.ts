import { describe, expect, it } from 'vitest';
import { checkHistory, type Entry, type Fault, type History, type Operation } from './index.ts';

const room = 'r';
const content = (id: string): string => `text of ${id}`;
const entry = (index: number, id: string): Entry => ({ index, id, room, content: content(id) });

/** An operation that takes one unit of time from `at`, and is acknowledged with `index`. */
const posted = (id: string, at: number, index: number, more: Partial<Operation> = {}): Operation => ({
  client: 'anna',
  server: 's1',
  id,
  room,
  content: content(id),
  invokedAt: at,
  completedAt: at + 1,
  outcome: { type: 'acknowledged', index },
  ...more,
});

/** Three messages, one after the other, on two servers, all received by a client. */
const good: History = {
  operations: [posted('a', 0, 2), posted('b', 2, 3), posted('c', 4, 5)],
  reads: [
    {
      client: 'anna',
      server: 's1',
      room,
      invokedAt: 3.5,
      completedAt: 3.6,
      entries: [
        { index: 2, id: 'a' },
        { index: 3, id: 'b' },
      ],
    },
  ],
  streams: [
    {
      client: 'bela',
      rooms: [room],
      after: 0,
      upto: 5,
      received: [
        { index: 2, id: 'a', room, connection: 1 },
        { index: 3, id: 'b', room, connection: 1 },
        { index: 5, id: 'c', room, connection: 2 },
      ],
    },
  ],
  servers: [
    { server: 's1', entries: [entry(2, 'a'), entry(3, 'b'), entry(5, 'c')] },
    { server: 's2', entries: [entry(2, 'a'), entry(3, 'b'), entry(5, 'c')] },
  ],
};

/** `good` with the same entries on both servers. */
const holding = (entries: readonly Entry[], more: Partial<History> = {}): History => ({
  ...good,
  streams: [],
  reads: [],
  servers: good.servers.map(({ server }) => ({ server, entries })),
  ...more,
});

/** `good` with other entries on the second server alone. */
const secondHolding = (entries: readonly Entry[]): History => ({
  ...good,
  servers: [good.servers[0]!, { server: 's2', entries }],
});

const receiving = (ids: readonly string[]): History => {
  const indices: Record<string, number> = { a: 2, b: 3, c: 5, z: 9 };
  const received = ids.map((id) => ({ index: indices[id]!, id, room, connection: 1 }));
  return { ...good, streams: [{ ...good.streams[0]!, received }] };
};

/** Expects exactly these faults, and no others. */
const expectFaults = (history: History, expected: Partial<Record<Fault, number>>): void => {
  const { ok, acked: _, details, ...counts } = checkHistory(history);
  expect(counts, JSON.stringify(details)).toEqual({
    lost: 0,
    duplicated: 0,
    reordered: 0,
    gaps: 0,
    staleReads: 0,
    phantoms: 0,
    ...expected,
  });
  expect(ok).toBe(Object.keys(expected).length === 0);
};

describe('a correct history', () => {
  it('has no faults', () => {
    expectFaults(good, {});
    expect(checkHistory(good).acked).toBe(3);
  });

  it('may be empty', () => {
    expectFaults({ operations: [], reads: [], streams: [], servers: [] }, {});
  });

  it('may hold what was left unknown, and may not hold it', () => {
    const unknown = posted('d', 6, 0, { outcome: { type: 'unknown' }, completedAt: null, server: null });
    const operations = [...good.operations, unknown];
    expectFaults({ ...good, operations }, {});
    expectFaults(holding([...good.servers[0]!.entries, entry(8, 'd')], { operations }), {});
  });

  it('may order operations that overlap in time either way', () => {
    const operations = [posted('a', 0, 3), posted('b', 0.5, 2)];
    expectFaults(holding([entry(2, 'b'), entry(3, 'a')], { operations }), {});
  });

  it('may hold entries outside the interval a client was subscribed for', () => {
    const stream = { ...good.streams[0]!, after: 2, upto: 3, received: [good.streams[0]!.received[1]!] };
    expectFaults({ ...good, streams: [stream] }, {});
  });
});

describe('the answers', () => {
  it('an acknowledged operation that no server has is lost', () => {
    expectFaults(holding([entry(2, 'a'), entry(5, 'c')]), { lost: 1 });
  });

  it('an acknowledged operation that one server lacks is lost, in the middle or at the end', () => {
    expectFaults(secondHolding([entry(2, 'a'), entry(5, 'c')]), { lost: 1 });
    expectFaults(secondHolding([entry(2, 'a'), entry(3, 'b')]), { lost: 1 });
  });

  it('everything acknowledged is lost when a server has nothing', () => {
    expectFaults(secondHolding([]), { lost: 3 });
  });

  it('an acknowledged operation whose text was changed is lost', () => {
    expectFaults(holding([{ ...entry(2, 'a'), content: 'other' }, entry(3, 'b'), entry(5, 'c')]), { lost: 1 });
  });

  it('an operation that stands elsewhere than it was acknowledged is reordered', () => {
    expectFaults(holding([entry(2, 'a'), entry(4, 'b'), entry(5, 'c')]), { reordered: 1 });
  });

  it('a refused operation that happened is a phantom', () => {
    const refused = posted('b', 2, 0, { outcome: { type: 'refused', code: 'not-a-member' } });
    expectFaults({ ...good, operations: [posted('a', 0, 2), refused, posted('c', 4, 5)] }, { phantoms: 1 });
  });

  it('an entry that nobody wrote is a phantom, on all servers or on one', () => {
    const more = [...good.servers[0]!.entries, entry(8, 'x')];
    expectFaults(holding(more), { phantoms: 1 });
    expectFaults(secondHolding(more), { phantoms: 1 });
  });

  it('two operations of one id are a mistake of the recorder', () => {
    expect(() => checkHistory({ ...good, operations: [posted('a', 0, 2), posted('a', 1, 3)] })).toThrow('share an id');
  });
});

describe('one order', () => {
  it('an id at two indices is duplicated, on all servers or on one', () => {
    const twice = [...good.servers[0]!.entries, entry(7, 'a')];
    expectFaults(holding(twice), { duplicated: 1 });
    expectFaults(secondHolding(twice), { duplicated: 1 });
    const inTheMiddle = [entry(2, 'a'), entry(3, 'b'), entry(4, 'a'), entry(5, 'c')];
    expect(checkHistory(secondHolding(inTheMiddle)).duplicated).toBe(1);
  });

  it('one content under two ids is duplicated', () => {
    const copy = { ...entry(7, 'd'), content: content('a') };
    const unknown = posted('d', 6, 0, { outcome: { type: 'unknown' }, completedAt: null });
    const operations = [...good.operations, unknown];
    expect(checkHistory(holding([...good.servers[0]!.entries, copy], { operations })).duplicated).toBe(1);
  });

  it('an index that differs between servers is reordered', () => {
    expectFaults(secondHolding([entry(2, 'a'), entry(4, 'b'), entry(5, 'c')]), { reordered: 1 });
  });

  it('two entries that changed places on one server are reordered', () => {
    expectFaults(secondHolding([entry(2, 'b'), entry(3, 'a'), entry(5, 'c')]), { reordered: 2 });
  });

  it('a text that differs between servers is reordered', () => {
    expectFaults(secondHolding([{ ...entry(2, 'a'), content: 'other' }, entry(3, 'b'), entry(5, 'c')]), {
      reordered: 1,
    });
  });

  it('an unknown operation that only one server has is reordered', () => {
    const unknown = posted('d', 6, 0, { outcome: { type: 'unknown' }, completedAt: null });
    const operations = [...good.operations, unknown];
    expectFaults({ ...secondHolding([...good.servers[0]!.entries, entry(8, 'd')]), operations }, { reordered: 1 });
  });

  it('an order against real time is reordered, whether the later one was acknowledged or not', () => {
    const late = posted('a', 4, 2);
    const operations = [late, posted('b', 0, 3)];
    expectFaults(holding([entry(2, 'a'), entry(3, 'b')], { operations }), { reordered: 1 });
    const unknown: Operation = { ...late, outcome: { type: 'unknown' }, completedAt: null };
    const entries = [entry(2, 'a'), entry(3, 'b')];
    expectFaults(holding(entries, { operations: [unknown, posted('b', 0, 3)] }), { reordered: 1 });
  });

  it('a server whose own list goes back is reordered', () => {
    const verdict = checkHistory(secondHolding([entry(3, 'b'), entry(2, 'a'), entry(5, 'c')]));
    expect(verdict.reordered).toBeGreaterThan(0);
  });
});

describe('a client’s stream', () => {
  it('that leaves an entry out has a gap, in the middle or at the end', () => {
    expectFaults(receiving(['a', 'c']), { gaps: 1 });
    expectFaults(receiving(['a', 'b']), { gaps: 1 });
    expectFaults(receiving([]), { gaps: 3 });
  });

  it('that brings an event twice is duplicated', () => {
    expectFaults(receiving(['a', 'b', 'b', 'c']), { duplicated: 1 });
    expectFaults(receiving(['a', 'b', 'c', 'a']), { duplicated: 1 });
  });

  it('that goes back is reordered, and that is no gap as well', () => {
    expectFaults(receiving(['a', 'c', 'b']), { reordered: 1 });
  });

  it('that brings what is not in the history has a phantom', () => {
    expectFaults(receiving(['a', 'b', 'z', 'c']), { phantoms: 1 });
  });

  it('that brings an event of a room the client is not in has a phantom', () => {
    const stream = good.streams[0]!;
    expectFaults({ ...good, streams: [{ ...stream, rooms: [] }] }, { phantoms: 3 });
  });

  it('that brings an event at another index is reordered', () => {
    const stream = good.streams[0]!;
    const moved = stream.received.map((event) => (event.id === 'c' ? { ...event, index: 6 } : event));
    expect(checkHistory({ ...good, streams: [{ ...stream, received: moved }] }).reordered).toBe(1);
  });
});

describe('reads', () => {
  const read = good.reads[0]!;

  it('that miss what the same server had acknowledged are stale', () => {
    expectFaults({ ...good, reads: [{ ...read, entries: [{ index: 2, id: 'a' }] }] }, { staleReads: 1 });
    expectFaults({ ...good, reads: [{ ...read, entries: [] }] }, { staleReads: 1 });
  });

  it('may be behind what another server has acknowledged', () => {
    expectFaults({ ...good, reads: [{ ...read, server: 's2', entries: [{ index: 2, id: 'a' }] }] }, {});
  });

  it('that show less than the same server showed before are stale', () => {
    const first = { ...read, server: 's2' };
    const second = { ...first, invokedAt: 3.7, completedAt: 3.8, entries: [{ index: 2, id: 'a' }] };
    expectFaults({ ...good, reads: [second, first] }, { staleReads: 1 });
  });

  it('with a hole have a gap', () => {
    const entries = [
      { index: 2, id: 'a' },
      { index: 5, id: 'c' },
    ];
    expectFaults({ ...good, reads: [{ ...read, invokedAt: 6, completedAt: 7, entries }] }, { gaps: 1 });
  });

  it('that show what is not in the history have a phantom', () => {
    expectFaults({ ...good, reads: [{ ...read, entries: [...read.entries, { index: 9, id: 'z' }] }] }, { phantoms: 1 });
  });
});

describe('the account of faults', () => {
  it('counts all and tells the first ones only', () => {
    const operations = Array.from({ length: 1_000 }, (_, at) => posted(`op-${at}`, at * 2, at + 1));
    const verdict = checkHistory(holding([], { operations }));
    expect(verdict.lost).toBe(1_000);
    expect(verdict.details.length).toBeLessThan(100);
  });
});
