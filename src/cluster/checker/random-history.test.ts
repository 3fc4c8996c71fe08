import * as fc from 'fast-check';
import { assert, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkHistory, type Entry, type Fault, type History, type Operation, type Stream } from './index.ts';
import { correctHistory, type Plan, type Step } from './random-history.ts';

const step: fc.Arbitrary<Step> = fc.record({
  client: fc.nat(20),
  server: fc.nat(4),
  room: fc.nat(5),
  commitDelay: fc.nat(10),
  answerDelay: fc.nat(10),
  fate: fc.constantFrom('acknowledged', 'acknowledged', 'acknowledged', 'refused', 'unknown-done', 'unknown-not-done'),
  reads: fc.boolean(),
});
const plan: fc.Arbitrary<Plan> = fc.record({
  steps: fc.array(step, { maxLength: 60 }),
  servers: fc.integer({ min: 2, max: 4 }),
  clients: fc.integer({ min: 1, max: 5 }),
  rooms: fc.integer({ min: 1, max: 3 }),
});

/** Breaks a correct history at a place chosen by `pick`; null when it has nothing that can be broken so. */
type Mutation = (history: History, pick: (length: number) => number) => History | null;

const acknowledgedAt = (operation: Operation): number =>
  operation.outcome.type === 'acknowledged' ? operation.outcome.index : 0;
const isAcknowledged = (operation: Operation): boolean => operation.outcome.type === 'acknowledged';
const replaced = <Item>(items: readonly Item[], at: number, item: Item): Item[] => items.with(at, item);
const without = <Item>(items: readonly Item[], at: number): Item[] => items.toSpliced(at, 1);

/** The same change to the entries of every server, so that only the operations can show it. */
const onAllServers = (history: History, change: (entries: readonly Entry[]) => readonly Entry[]): History => ({
  ...history,
  servers: history.servers.map(({ server, entries }) => ({ server, entries: change(entries) })),
});

const onOneServer = (
  history: History,
  pick: (length: number) => number,
  change: (entries: readonly Entry[]) => readonly Entry[] | null,
): History | null => {
  const at = pick(history.servers.length);
  const server = history.servers[at]!;
  const entries = change(server.entries);
  return entries && { ...history, servers: replaced(history.servers, at, { ...server, entries }) };
};

const onOneStream = (
  history: History,
  pick: (length: number) => number,
  change: (stream: Stream) => Stream | null,
): History | null => {
  const at = pick(history.streams.length);
  const stream = change(history.streams[at]!);
  return stream && { ...history, streams: replaced(history.streams, at, stream) };
};

const onOneOperation = (
  history: History,
  pick: (length: number) => number,
  fits: (operation: Operation) => boolean,
  change: (operation: Operation) => Operation,
): History | null => {
  const candidates = history.operations.filter(fits);
  if (candidates.length === 0) return null;
  const chosen = candidates[pick(candidates.length)]!;
  const operations = history.operations.map((operation) => (operation === chosen ? change(operation) : operation));
  return { ...history, operations };
};

const mutations: Record<string, { readonly faults: readonly Fault[]; readonly mutate: Mutation }> = {
  'an acknowledged entry is dropped from every server': {
    faults: ['lost'],
    mutate(history, pick) {
      const acknowledged = history.operations.filter(isAcknowledged);
      if (acknowledged.length === 0) return null;
      const { id } = acknowledged[pick(acknowledged.length)]!;
      return onAllServers(history, (entries) => entries.filter((entry) => entry.id !== id));
    },
  },
  'an entry is dropped from one server': {
    faults: ['lost', 'reordered'],
    mutate: (history, pick) =>
      onOneServer(history, pick, (entries) => (entries.length ? without(entries, pick(entries.length)) : null)),
  },
  'the end of one server’s history is cut': {
    faults: ['lost', 'reordered'],
    mutate: (history, pick) =>
      onOneServer(history, pick, (entries) => (entries.length ? entries.slice(0, pick(entries.length)) : null)),
  },
  'an entry is there twice on every server': {
    faults: ['duplicated'],
    mutate(history, pick) {
      const entries = history.servers[0]!.entries;
      if (entries.length === 0) return null;
      const copy = { ...entries[pick(entries.length)]!, index: entries.at(-1)!.index + 1 };
      return onAllServers(history, (all) => [...all, copy]);
    },
  },
  'an entry is there twice on one server': {
    faults: ['duplicated'],
    mutate: (history, pick) =>
      onOneServer(history, pick, (entries) => {
        if (entries.length === 0) return null;
        return [...entries, { ...entries[pick(entries.length)]!, index: entries.at(-1)!.index + 1 }];
      }),
  },
  'two neighbours change places on one server': {
    faults: ['reordered'],
    mutate: (history, pick) =>
      onOneServer(history, pick, (entries) => {
        if (entries.length < 2) return null;
        const at = pick(entries.length - 1);
        const [first, second] = [entries[at]!, entries[at + 1]!];
        const swapped = replaced(entries, at, { ...second, index: first.index });
        return replaced(swapped, at + 1, { ...first, index: second.index });
      }),
  },
  'an entry has another index on one server': {
    faults: ['reordered'],
    mutate: (history, pick) =>
      onOneServer(history, pick, (entries) => {
        if (entries.length === 0) return null;
        const at = pick(entries.length);
        return replaced(entries, at, { ...entries[at]!, index: entries[at]!.index + 1 });
      }),
  },
  'a text is changed on one server': {
    faults: ['reordered', 'lost', 'phantoms'],
    mutate: (history, pick) =>
      onOneServer(history, pick, (entries) => {
        if (entries.length === 0) return null;
        const at = pick(entries.length);
        return replaced(entries, at, { ...entries[at]!, content: 'changed' });
      }),
  },
  'an acknowledgement names another index': {
    faults: ['reordered'],
    mutate: (history, pick) =>
      onOneOperation(history, pick, isAcknowledged, (operation) => ({
        ...operation,
        outcome: { type: 'acknowledged', index: acknowledgedAt(operation) + 1 },
      })),
  },
  'what happened is said to be refused': {
    faults: ['phantoms'],
    mutate: (history, pick) =>
      onOneOperation(history, pick, isAcknowledged, (operation) => ({
        ...operation,
        outcome: { type: 'refused', code: 'not-a-member' },
      })),
  },
  'what did not happen is said to be acknowledged': {
    faults: ['lost'],
    mutate(history, pick) {
      const there = new Set(history.servers[0]!.entries.map(({ id }) => id));
      return onOneOperation(
        history,
        pick,
        ({ id }) => !there.has(id),
        (operation) => ({ ...operation, completedAt: 1e6, outcome: { type: 'acknowledged', index: 1 } }),
      );
    },
  },
  'an operation that stands before an acknowledged one is invoked after its answer': {
    faults: ['reordered'],
    mutate(history, pick) {
      const last = history.operations
        .filter(isAcknowledged)
        .toSorted((a, b) => acknowledgedAt(b) - acknowledgedAt(a))[0];
      if (last === undefined) return null;
      const invokedAt = (last.completedAt ?? 0) + 1;
      return onOneOperation(
        history,
        pick,
        (operation) => isAcknowledged(operation) && operation !== last,
        (operation) => ({ ...operation, invokedAt, completedAt: invokedAt + 1 }),
      );
    },
  },
  'nobody wrote an entry': {
    faults: ['phantoms'],
    mutate(history, pick) {
      const entries = history.servers[0]!.entries;
      if (entries.length === 0) return null;
      const { id } = entries[pick(entries.length)]!;
      return { ...history, operations: history.operations.filter((operation) => operation.id !== id) };
    },
  },
  'a client never received an event': {
    faults: ['gaps'],
    mutate: (history, pick) =>
      onOneStream(history, pick, (stream) => {
        if (stream.received.length === 0) return null;
        return { ...stream, received: without(stream.received, pick(stream.received.length)) };
      }),
  },
  'a client received an event twice': {
    faults: ['duplicated'],
    mutate: (history, pick) =>
      onOneStream(history, pick, (stream) => {
        if (stream.received.length === 0) return null;
        const from = pick(stream.received.length);
        const to = from + 1 + pick(stream.received.length - from);
        return { ...stream, received: stream.received.toSpliced(to, 0, stream.received[from]!) };
      }),
  },
  'a client received two events of a room in the wrong order': {
    faults: ['reordered'],
    mutate: (history, pick) =>
      onOneStream(history, pick, (stream) => {
        const room = stream.rooms[pick(stream.rooms.length)];
        const places = stream.received.flatMap((event, at) => (event.room === room ? [at] : []));
        if (places.length < 2) return null;
        const at = pick(places.length - 1);
        const [one, two] = [places[at]!, places[at + 1]!];
        const swapped = replaced(stream.received, one, stream.received[two]!);
        return { ...stream, received: replaced(swapped, two, stream.received[one]!) };
      }),
  },
  'a client received what is not in the history': {
    faults: ['phantoms'],
    mutate: (history, pick) =>
      onOneStream(history, pick, (stream) => {
        const ghost = { index: 1, id: 'ghost', room: stream.rooms[0]!, connection: 1 };
        return { ...stream, received: stream.received.toSpliced(pick(stream.received.length + 1), 0, ghost) };
      }),
  },
  'a read after an own write does not show it': {
    faults: ['staleReads'],
    mutate(history, pick) {
      const shown = history.reads.filter(({ entries }) => entries.length > 0);
      const own = shown.filter((read) =>
        history.operations.some(
          ({ client, server, room, completedAt, outcome }) =>
            client === read.client &&
            server === read.server &&
            room === read.room &&
            completedAt !== null &&
            completedAt < read.invokedAt &&
            outcome.type === 'acknowledged' &&
            outcome.index === read.entries.at(-1)!.index,
        ),
      );
      if (own.length === 0) return null;
      const chosen = own[pick(own.length)]!;
      const stale = { ...chosen, entries: chosen.entries.slice(0, -1) };
      return { ...history, reads: history.reads.map((read) => (read === chosen ? stale : read)) };
    },
  },
  'a page has a hole': {
    faults: ['gaps'],
    mutate(history, pick) {
      const long = history.reads.filter(({ entries }) => entries.length > 2);
      if (long.length === 0) return null;
      const chosen = long[pick(long.length)]!;
      const at = 1 + pick(chosen.entries.length - 2);
      const holed = { ...chosen, entries: without(chosen.entries, at) };
      return { ...history, reads: history.reads.map((read) => (read === chosen ? holed : read)) };
    },
  },
};

describe('random histories', () => {
  it('that are correct have no faults', () => {
    assert(
      property(plan, (given) => {
        const verdict = checkHistory(correctHistory(given));
        expect(verdict.details).toEqual([]);
        expect(verdict.ok).toBe(true);
        expect(verdict.acked).toBe(given.steps.filter(({ fate }) => fate === 'acknowledged').length);
      }),
      { numRuns: 300 },
    );
  });

  it.each(Object.entries(mutations))('are caught when %s', (_, { faults, mutate }) => {
    let broken = 0;
    assert(
      property(plan, fc.array(fc.nat(1_000_000), { minLength: 4, maxLength: 4 }), (given, picks) => {
        let drawn = 0;
        const history = mutate(correctHistory(given), (length) => picks[drawn++ % picks.length]! % length);
        if (history === null) return;
        broken++;
        const verdict = checkHistory(history);
        expect(verdict.ok).toBe(false);
        expect(faults.some((fault) => verdict[fault] > 0)).toBe(true);
      }),
      { numRuns: 200 },
    );
    expect(broken).toBeGreaterThan(20);
  });

  // No figure of speed is demanded, only a time that no machine needs for this unless the work grows with the square.
  it('of 200,000 operations are checked in time that grows with their number, not its square', {
    timeout: 60_000,
  }, () => {
    let state = 1;
    const next = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 8;
    };
    const fates = ['acknowledged', 'acknowledged', 'acknowledged', 'unknown-done'] as const;
    const steps = Array.from({ length: 200_000 }, (): Step => {
      const fate = fates[next() % fates.length]!;
      return {
        client: next(),
        server: next(),
        room: next(),
        commitDelay: next() % 10,
        answerDelay: next() % 10,
        fate,
        reads: false,
      };
    });
    const correct = correctHistory({ steps, servers: 3, clients: 2, rooms: 4 });
    // Lists of their own, as if read from each server.
    const servers = correct.servers.map(({ server, entries }) => ({ server, entries: structuredClone(entries) }));
    const history = { ...correct, servers };
    const startedAt = performance.now();
    expect(checkHistory(history).ok).toBe(true);
    console.log(
      `200,000 operations on 3 servers, 2 streams: checked in ${Math.round(performance.now() - startedAt)} ms`,
    );
  });
});
