/**
 * The lab, where it runs: one at a time, on the primary's server. It takes what is said with the time at which it came,
 * keeps to its own times (`nextDueMs`), and has ready what is to be told; sockets, timers and other servers are for
 * whoever holds it. So a test plays hours of it in seconds.
 */
import type { LabNews, LabNode, LabWords } from '../../../protocol/index.ts';
import { takeWord } from './answers.ts';
import { closeClass, inClass } from './class-answers.ts';
import type { DialsView } from './dials.ts';
import type { Kept } from './known.ts';
import { nodeView } from './nodes.ts';
import { type HostStart, type LabParts, partsOf } from './parts.ts';
import { Refused } from './refused.ts';
import type { Seat, Speaker } from './seat.ts';

/** What is to be told now. */
export interface Outgoing {
  readonly all: LabNews | null;
  /** For the other servers only. */
  readonly kept: Kept | null;
  readonly seats: readonly (readonly [Seat, LabNews])[];
}

const earliest = (times: readonly (number | null)[]): number | null =>
  times.reduce((next, time) => (next === null || (time !== null && time < next) ? time : next), null);

export class LabHost {
  readonly #server: string;
  readonly #parts: LabParts;
  /** How many casts each server has said to have been lost on their way to it. */
  readonly #lostElsewhere = new Map<string, number>();
  #sharedAtMs = Number.NEGATIVE_INFINITY;
  #relayLost = 0;

  constructor(start: HostStart, nowMs: number) {
    this.#server = start.server;
    this.#parts = partsOf(start, nowMs);
  }

  /** When `due` or `take` has something to do; null while there is nothing. */
  nextDueMs(nowMs: number): number | null {
    const { exchange, bursts, measures, classroom } = this.#parts;
    const times = [exchange.nextDueMs, bursts.nextDueMs(nowMs), measures.dueMs, classroom.dueMs, this.#sharedDueMs];
    return earliest(times);
  }

  /** Lets happen what is due by now. To be called when `nextDueMs` has come. */
  due(nowMs: number): void {
    const { exchange, bursts, measures, classroom } = this.#parts;
    exchange.due(nowMs);
    bursts.due(nowMs);
    // What takes no time at all has arrived with its sending.
    exchange.due(nowMs);
    measures.due(nowMs, () => ({
      inFlight: exchange.inFlight,
      waiting: bursts.waiting,
      unsettled: exchange.unsettledPairs,
      relayLost: this.#relayLost,
    }));
    if (classroom.dueMs !== null && classroom.dueMs <= nowMs) closeClass(this.#parts, nowMs);
  }

  /** Whoever holds the time woke up so late. */
  late(lateMs: number, nowMs: number): void {
    this.#parts.bursts.late(lateMs, nowMs);
  }

  /** Somebody says something. A refusal is told to whoever said it. */
  heard(speaker: Speaker, word: LabWords, nowMs: number): void {
    this.due(nowMs);
    try {
      takeWord(this.#parts, speaker, word, nowMs);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#parts.outbox.refuse(speaker.seat, word.what, word.ref, error.code, error.problems);
    }
    this.due(nowMs);
  }

  /** A socket is gone, and its nodes with it. */
  gone(seat: Seat, nowMs: number): void {
    this.due(nowMs);
    const { nodes, membership } = this.#parts;
    for (const member of nodes.of(seat)) membership.leave(member, nowMs);
  }

  /** A server is down: so are the sockets that ended there. */
  serverDown(server: string, nowMs: number): void {
    this.due(nowMs);
    const { nodes, membership } = this.#parts;
    for (const member of [...nodes.all()]) if (member.server === server) membership.leave(member, nowMs);
    this.#lostElsewhere.delete(server);
  }

  /**
   * A server says which nodes its sockets are: what got lost on the way is put right. One that joined just now it may
   * not know yet; one that `isBehind` may know too few.
   */
  account(server: string, seated: readonly (readonly [LabNode, Seat])[], isBehind: boolean, nowMs: number): void {
    this.due(nowMs);
    const { nodes, membership, limits } = this.#parts;
    const there = new Set(seated.map(([{ id }]) => id));
    for (const member of [...nodes.all()]) {
      const isMissing = member.server === server && !there.has(member.id);
      const isFresh = member.joinedAt > nowMs - limits.labAccountIntervalMs;
      if (isMissing && !isFresh && !isBehind) membership.leave(member, nowMs);
    }
    for (const [node, seat] of seated) membership.restore({ ...node, server }, seat);
  }

  /** The class's teacher has a page open. */
  teacherSeen(nowMs: number): void {
    this.#parts.classroom.teacherSeen(nowMs);
  }

  /** Casts between servers have been lost: `casts` in all on their way to `server`. */
  lost(server: string, casts: number): void {
    const before = this.#lostElsewhere.get(server) ?? 0;
    this.#lostElsewhere.set(server, casts);
    this.#relayLost += Math.max(0, casts - before);
  }

  /** What is to be told by now. Shared news wait for their time, so that they are not too many. */
  take(nowMs: number): Outgoing {
    const { outbox } = this.#parts;
    const seats = outbox.takeSeats(nowMs);
    const sharedDueMs = this.#sharedDueMs;
    if (sharedDueMs === null || nowMs < sharedDueMs) return { all: null, kept: null, seats };
    const isKeptNew = outbox.nodes.size > 0 || outbox.parts.size > 0 || this.#parts.measures.hasNews;
    const all = this.#shared(nowMs);
    return { all, kept: isKeptNew ? this.kept() : null, seats };
  }

  /** What the other servers keep for a takeover. */
  kept(): Kept {
    const { nodes, exchange, events, classroom } = this.#parts;
    return {
      seats: [...nodes.all()].map(({ id, seat }) => [id, seat]),
      nextMessage: exchange.nextMessage,
      nextEvent: events.next,
      predictions: classroom.predictions(),
    };
  }

  get #sharedDueMs(): number | null {
    const { outbox, events, measures } = this.#parts;
    const isWaiting = outbox.hasShared || events.hasAny || measures.hasNews;
    return isWaiting ? this.#sharedAtMs + this.#parts.limits.labNewsMs : null;
  }

  #shared(nowMs: number): LabNews {
    this.#sharedAtMs = nowMs;
    const { outbox, nodes, events: log, measures, dials, runs, classroom } = this.#parts;
    const { parts, nodes: touched } = outbox;
    const { events, leftOut } = log.take();
    const measured = measures.takeNews();
    const isRunTold = parts.has('run') || (measured.samples !== undefined && runs.isUnderWay);
    const changed = [...touched].flatMap((id) => nodes.get(id) ?? []).map(nodeView);
    const gone = [...touched].filter((id) => nodes.get(id) === undefined);
    const people = {
      ...(changed.length > 0 ? { nodesChanged: changed } : {}),
      ...(gone.length > 0 ? { nodesGone: gone } : {}),
    };
    const news: LabNews = {
      at: nowMs,
      ...(parts.has('host') ? { host: this.#server, nodes: [...nodes.all()].map(nodeView) } : people),
      ...(parts.has('dials') ? { dials: dials.view(this.#who()) } : {}),
      ...(parts.has('class') ? { class: classroom.view(inClass(this.#parts).length) } : {}),
      ...(isRunTold ? { run: runs.view() } : {}),
      ...measured,
      ...(measured.samples === undefined ? {} : { relayLost: this.#relayLost }),
      ...(events.length > 0 ? { events } : {}),
      ...(leftOut > 0 ? { eventsLeftOut: leftOut } : {}),
    };
    outbox.sharedTaken();
    return news;
  }

  #who(): DialsView['who'] {
    const { runs, classroom } = this.#parts;
    if (runs.isUnderWay) return 'run';
    return classroom.hasDials ? 'teacher' : 'everybody';
  }
}
