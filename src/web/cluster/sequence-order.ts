/**
 * Puts what servers tell into one order in which what caused another thing comes before it. Each server's own events
 * keep the order of its clock; a message's receipt comes after its sending, also where the two clocks disagree by a
 * hair. Pure, and total: whatever comes in, in any order, doubled or with parts missing, has one order.
 */
import type { ClusterEvent, ClusterEventKind } from '../../protocol/index.ts';

/** Something on one server that could only happen after something else had: both are ids of events. */
export interface Cause {
  readonly from: string;
  readonly to: string;
}

export interface Ordered {
  /** Each once. */
  readonly events: readonly ClusterEvent[];
  /** Those causes that hold in that order. One that would go round in a circle is not among them. */
  readonly causes: readonly Cause[];
}

/** What comes first of two things that one server tells of the same moment. */
export const eventRanks: Readonly<Record<ClusterEventKind, number>> = {
  'server-up': 0,
  acted: 1,
  'request-taken': 2,
  received: 3,
  sequenced: 4,
  sent: 5,
  stored: 6,
  committed: 7,
  'request-applied': 8,
  'request-answered': 9,
  dying: 10,
  'server-down': 11,
  'primary-lost': 12,
  'primary-killed': 13,
  'lock-gained': 14,
  'completed-from': 15,
  promoted: 16,
  dropped: 17,
  truncated: 18,
  installed: 19,
  following: 20,
  resynced: 21,
  snapshotted: 22,
  trimmed: 23,
  'stepped-down': 24,
  halted: 25,
};

/** The number that a server's ids end with. */
const numberOf = (id: string): number => Number(/(\d{1,15})$/.exec(id)?.[1] ?? 0);

const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** By time, and what is at the same time always in the same way. */
export const compareEvents = (a: ClusterEvent, b: ClusterEvent): number =>
  a.at - b.at ||
  eventRanks[a.what] - eventRanks[b.what] ||
  byName(a.server, b.server) ||
  numberOf(a.id) - numberOf(b.id) ||
  byName(a.id, b.id);

/** Each event once, by time. */
export const byTime = (events: readonly ClusterEvent[]): readonly ClusterEvent[] =>
  [...new Map(events.map((event) => [event.id, event])).values()].sort(compareEvents);

/** The places of what may come next, the earliest of them first: a binary heap of places in the order of time. */
class Soonest {
  readonly #places: number[] = [];

  add(place: number): void {
    const heap = this.#places;
    let at = heap.push(place) - 1;
    for (let up = (at - 1) >> 1; at > 0 && heap[up]! > place; up = (at - 1) >> 1) {
      heap[at] = heap[up]!;
      at = up;
    }
    heap[at] = place;
  }

  take(): number | undefined {
    const heap = this.#places;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const down = (heap[right] ?? Number.POSITIVE_INFINITY) < (heap[left] ?? Number.POSITIVE_INFINITY) ? right : left;
      if ((heap[down] ?? Number.POSITIVE_INFINITY) >= last) break;
      heap[at] = heap[down]!;
      at = down;
    }
    heap[at] = last;
    return first;
  }
}

/** @param events by time, each once */
export const inCausalOrder = (events: readonly ClusterEvent[], causes: readonly Cause[]): Ordered => {
  const places = new Map(events.map((event, place) => [event.id, place]));
  const edges = causes.flatMap(({ from, to }) => {
    const [cause, effect] = [places.get(from), places.get(to)];
    return cause === undefined || effect === undefined || cause === effect ? [] : [{ cause, effect }];
  });
  // Clocks of one machine agree nearly always.
  if (edges.every(({ cause, effect }) => cause < effect)) return { events, causes };

  const waiting = events.map(() => 0);
  const effects: number[][] = events.map(() => []);
  for (const { cause, effect } of edges) {
    effects[cause]!.push(effect);
    waiting[effect]!++;
  }
  // Of each server, one event at a time stands in front; it may come when its causes have.
  const queues = new Map<string, number[]>();
  for (const [place, { server }] of events.entries()) {
    const queue = queues.get(server);
    if (queue === undefined) queues.set(server, [place]);
    else queue.push(place);
  }
  const next = new Map([...queues.keys()].map((server) => [server, 0]));
  const fronts = (): number[] => [...queues].flatMap(([server, queue]) => queue[next.get(server)!] ?? []);
  const soonest = new Soonest();
  for (const place of fronts()) if (waiting[place] === 0) soonest.add(place);

  const done: number[] = [];
  const position = events.map(() => -1);
  while (done.length < events.length) {
    // When each waits for another, clocks tell nonsense: the earliest goes first, and what it waited for was no cause.
    const place = soonest.take() ?? Math.min(...fronts());
    position[place] = done.push(place) - 1;
    const { server } = events[place]!;
    next.set(server, next.get(server)! + 1);
    const front = queues.get(server)![next.get(server)!];
    if (front !== undefined && waiting[front] === 0) soonest.add(front);
    for (const effect of effects[place]!) {
      waiting[effect]!--;
      const inFront = queues.get(events[effect]!.server)![next.get(events[effect]!.server)!] === effect;
      if (waiting[effect] === 0 && inFront) soonest.add(effect);
    }
  }
  return {
    events: done.map((place) => events[place]!),
    causes: causes.filter(({ from, to }) => {
      const [cause, effect] = [places.get(from), places.get(to)];
      return cause !== undefined && effect !== undefined && position[cause]! < position[effect]!;
    }),
  };
};
