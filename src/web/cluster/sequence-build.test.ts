import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ClusterEvent, ClusterEventKind } from '../../protocol/index.ts';
import { buildSequence } from './sequence-build.ts';
import { type Arrow, type Item, momentsOf, peopleLane, type Sequence } from './sequence-items.ts';
import { compareEvents, eventRanks } from './sequence-order.ts';
import { play, seeded } from './sequence-test-kit.ts';

const most = 3_000;

const inWords = (item: Item): string =>
  item.kind === 'arrow'
    ? `${item.what} ${item.from}>${item.to} ${item.label ?? ''}${item.fate === 'arrived' ? '' : ` ${item.fate}`}`.trim()
    : `${item.what} ${item.lane} ${item.label ?? ''}`.trim();

const shuffled = <T>(list: readonly T[], seed: number): readonly T[] => {
  const random = seeded(seed);
  return list
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
};

/** What holds of any diagram, whatever it was made of. */
const checkShape = (sequence: Sequence, events: readonly ClusterEvent[]): void => {
  const lanes = new Set(sequence.lanes.map(({ id }) => id));
  const places = sequence.clocks.length;
  expect(places).toBeLessThanOrEqual(most);
  // Of one event there is at most a note and two arrows.
  expect(sequence.items.length).toBeLessThanOrEqual(2 * places);
  expect(new Set(sequence.items.map(({ id }) => id)).size).toBe(sequence.items.length);
  expect(sequence.lanes.length).toBe(lanes.size);
  const named = new Set(['s1', ...events.flatMap(({ server, peer = server }) => [server, peer])]);
  expect(lanes.size).toBeLessThanOrEqual(1 + named.size);
  for (const item of sequence.items) {
    const ends = item.kind === 'arrow' ? [item.from, item.to] : [item.lane];
    for (const end of ends) expect(lanes.has(end), inWords(item)).toBe(true);
    const touched = momentsOf(item).map(({ place }) => place);
    expect(touched.length).toBeGreaterThan(0);
    for (const place of touched) expect(place).toBeLessThan(places);
    if (touched.length === 2) expect(touched[0]!, inWords(item)).toBeLessThan(touched[1]!);
  }
  for (const [place, clock] of sequence.clocks.entries()) {
    if (place > 0) expect(clock).toBeGreaterThanOrEqual(sequence.clocks[place - 1]!);
  }
  for (const { lane } of sequence.spans) expect(lanes.has(lane)).toBe(true);
};

const checkCauses = (built: ReturnType<typeof buildSequence>): void => {
  const places = new Map(built.events.map(({ id }, place) => [id, place]));
  for (const { from, to } of built.causes) expect(places.get(from)!).toBeLessThan(places.get(to)!);
  const lastOf = new Map<string, ClusterEvent>();
  for (const event of built.events) {
    const before = lastOf.get(event.server);
    if (before !== undefined) expect(compareEvents(before, event), `${before.id} ${event.id}`).toBeLessThan(0);
    lastOf.set(event.server, event);
  }
};

describe('the sequence diagram', () => {
  test('shows a request from the person to every copy and back', () => {
    const { events, servers } = play(5, { requests: 1, failing: 0, servers: 2 });
    const { sequence } = buildSequence(events, { servers, most });
    const edge = events[0]!.server;
    expect(sequence.items.map(inWords)).toEqual([
      `taken ${peopleLane}>${edge} data-1`,
      ...(edge === 's1' ? [] : ['forward s2>s1 data-1']),
      'sequenced s1 data-1',
      'append s1>s2 data-1',
      'stored s2>s1 data-1',
      'committed s1 data-1',
      'processed s1 data-1',
      'synchronised s1>s2 data-1',
      `answered ${edge}>${peopleLane} data-1`,
    ]);
  });

  test('shows a request that kills the primary: taken, dying, promoted, processed by the next one, synchronised', () => {
    const { events, servers } = play(3, { requests: 1, failing: 1 });
    const { sequence } = buildSequence(events, { servers, most });
    const words = sequence.items.map(inWords);
    const heir = events.find(({ what }) => what === 'promoted')!.server;
    const order = [
      'taken',
      'dying s1',
      'primary-lost',
      `lock-gained ${heir}`,
      `promoted ${heir}`,
      `processed ${heir}`,
      'synchronised',
      'answered',
    ];
    const places = order.map((start) => words.findIndex((word) => word.startsWith(start)));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    const forwards = sequence.items.filter((item): item is Arrow => item.what === 'forward');
    expect(forwards.map(({ to }) => to)[0]).toBe('s1');
    expect(sequence.spans.map(({ kind, lane }) => `${kind} ${lane}`).sort()).toEqual(
      ['down s1', `primary ${heir}`, 'primary s1'].sort(),
    );
  });

  test('says lost of what was sent to a server that died meanwhile, and open of what nobody told more of', () => {
    const { events, servers } = play(5, { requests: 1, failing: 0, servers: 2 });
    const untilSent = events.slice(
      0,
      events.findIndex(({ what }) => what === 'received'),
    );
    const open = buildSequence(untilSent, { servers, most }).sequence.items.at(-1)!;
    expect(inWords(open)).toBe('append s1>s2 data-1 open');
    const { at } = untilSent.at(-1)!;
    const died: ClusterEvent = { id: 's1-k3-99', at: at + 1, server: 's1', epoch: 1, what: 'server-down', peer: 's2' };
    const lost = buildSequence([...untilSent, died], { servers, most }).sequence.items.map(inWords);
    expect(lost).toContain('append s1>s2 data-1 lost');
  });

  test('lets a server be gone from when it was lost, though that is told when another one leads', () => {
    const at = 1_795_000_000_000;
    const tell = (after: number, server: string, what: ClusterEventKind, more: Partial<ClusterEvent> = {}) => ({
      ...{ id: `${server}-k3-${after}`, at: at + after, server, epoch: 1, what },
      ...more,
    });
    const events = [
      tell(0, 's1', 'committed', { upto: 4 }),
      tell(10, 's2', 'primary-lost', { peer: 's1' }),
      tell(14, 's2', 'promoted', { epoch: 2 }),
      { ...tell(15, 's1', 'server-down'), epoch: 2 },
      { ...tell(900, 's1', 'server-up'), epoch: 2 },
    ];
    const { spans } = buildSequence(events, { servers: [], most }).sequence;
    expect(spans.map(({ kind, lane, from, until }) => [kind, lane, from, until])).toEqual([
      ['primary', 's1', null, at + 14],
      ['primary', 's2', at + 14, null],
      ['down', 's1', at + 10, at + 900],
    ]);
  });

  test('lets a server that was away have what it missed from the primary that it follows since', () => {
    const at = 1_795_000_000_000;
    const one = { from: 9, upto: 9, label: 'data-1', request: 'a' };
    const tell = (after: number, server: string, what: ClusterEventKind, more: Partial<ClusterEvent> = {}) => ({
      ...{ id: `${server}-k3-${after}`, at: at + after, server, epoch: 2, what },
      ...more,
    });
    const events = [
      tell(0, 's1', 'sequenced', one),
      tell(1, 's1', 'committed', one),
      tell(500, 's2', 'promoted', { epoch: 3 }),
      tell(600, 's3', 'following', { epoch: 3, peer: 's2' }),
      tell(640, 's3', 'request-applied', { ...one, epoch: 3 }),
    ];
    const last = buildSequence(events, { servers: [], most }).sequence.items.at(-1)!;
    expect(last).toMatchObject({ what: 'synchronised', from: 's2', to: 's3', left: null, arrived: { at: at + 640 } });
  });

  test('is the same in whatever order and how often events come', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (seed, order) => {
        const { events, servers } = play(seed, { requests: 6, failing: 0.4 });
        const doubled = shuffled([...events, ...events.filter((_, n) => n % 3 === 0)], order);
        expect(buildSequence(doubled, { servers, most })).toEqual(buildSequence(events, { servers, most }));
      }),
      { numRuns: 25 },
    );
  });

  test('puts what caused another thing before it, though the clocks disagree', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 2, max: 5 }), fc.constantFrom(0, 1, 8), (seed, servers, skewMs) => {
        const played = play(seed, { requests: 8, failing: 0.3, servers, skewMs });
        const built = buildSequence(played.events, { servers: played.servers, most });
        checkShape(built.sequence, played.events);
        checkCauses(built);
        const places = new Map(built.events.map(({ id }, place) => [id, place]));
        for (const [cause, effect] of played.causes) {
          const kinds = played.events.filter(({ id }) => id === cause || id === effect).map(({ what }) => what);
          expect(places.get(cause)!, kinds.join(' ')).toBeLessThan(places.get(effect)!);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('is whole, bounded and in causal order when any events are missing', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 95 }), fc.constantFrom(0, 8), (seed, missing, skewMs) => {
        const { events, servers } = play(seed, { requests: 10, failing: 0.4, skewMs });
        const random = seeded(seed + 1);
        const kept = shuffled(events, seed).filter(() => random() * 100 >= missing);
        const built = buildSequence(kept, { servers, most });
        checkShape(built.sequence, kept);
        checkCauses(built);
      }),
      { numRuns: 40 },
    );
  });

  test('is so even when what is told makes no sense', () => {
    const name = fc.constantFrom('s1', 's2', 's3', 'a.b-c');
    const index = fc.option(fc.nat(5), { nil: undefined });
    const event = fc.record(
      {
        id: fc.string({ maxLength: 6 }),
        at: fc.double({ min: 0, max: 60, noNaN: true }),
        server: name,
        epoch: fc.integer({ min: 1, max: 3 }),
        what: fc.constantFrom(...(Object.keys(eventRanks) as ClusterEventKind[])),
        peer: name,
        from: index,
        upto: index,
        label: fc.constantFrom('data-1', 'data-2'),
        request: fc.constantFrom('a', 'b'),
      },
      { requiredKeys: ['id', 'at', 'server', 'epoch', 'what'] },
    ) as fc.Arbitrary<ClusterEvent>;
    fc.assert(
      fc.property(fc.array(event, { maxLength: 120 }), (events) => {
        const built = buildSequence(events, { servers: ['s1'], most });
        checkShape(built.sequence, events);
        checkCauses(built);
      }),
      { numRuns: 200 },
    );
  });

  test('keeps the newest when there are too many, and says how many are left out', () => {
    const { events, servers } = play(9, { requests: 200, failing: 0.05 });
    const { sequence } = buildSequence(events, { servers, most: 100 });
    expect(sequence.clocks.length).toBe(100);
    expect(sequence.leftOut).toBe(events.length - 100);
    expect(sequence.clocks.at(-1)).toBe(events.at(-1)!.at);
    checkShape(sequence, events);
  });
});
