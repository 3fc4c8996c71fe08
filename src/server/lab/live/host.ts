/**
 * The lab, where it runs: one at a time, on the primary's server. It takes what is said with the time at which it came,
 * keeps to its own times (`nextDueMs`), and has ready what is to be told; sockets, timers and other servers are for
 * whoever holds it. So a test plays hours of it in seconds.
 */
import { defaultSettings, Exchange, type Happening, presets, type Refusal } from '../../../lab/index.ts';
import type { LabNews, LabNode, LabWords } from '../../../protocol/index.ts';
import type { EdgeLimits } from '../../options.ts';
import { type Burst, Bursts, everyMsOf } from './bursts.ts';
import { Dials } from './dials.ts';
import { Events } from './events.ts';
import type { Kept, Known } from './known.ts';
import { Measures } from './measures.ts';
import { type Member, Nodes, nodeView } from './nodes.ts';
import { Outbox } from './outbox.ts';
import { Refused } from './refused.ts';
import type { Seat, Speaker } from './seat.ts';
import { storyView } from './story-view.ts';
import { Teller } from './teller.ts';

export interface HostStart {
  /** The server that it runs on. */
  readonly server: string;
  readonly seed: number;
  readonly limits: EdgeLimits;
  /** What this server knows of the lab as it ran elsewhere. */
  readonly known: Known;
  /** Whether a server is up: only its nodes are still there. */
  readonly isUp: (server: string) => boolean;
  /** Makes an id that nobody has had. */
  readonly newId: () => string;
}

/** What is to be told now. */
export interface Outgoing {
  readonly all: LabNews | null;
  /** For the other servers only. */
  readonly kept: Kept | null;
  readonly seats: readonly (readonly [Seat, LabNews])[];
}

export class LabHost {
  readonly #limits: EdgeLimits;
  readonly #newId: () => string;
  readonly #server: string;
  readonly #exchange: Exchange;
  readonly #nodes: Nodes;
  readonly #bursts: Bursts;
  readonly #dials: Dials;
  readonly #events: Events;
  readonly #outbox = new Outbox();
  readonly #measures: Measures;
  readonly #teller: Teller;
  /** When each server last said that casts had been lost on the way to it, how many in all. */
  readonly #lostElsewhere = new Map<string, number>();
  #sharedAtMs = Number.NEGATIVE_INFINITY;
  #relayLost = 0;
  #keptChanged = true;

  constructor({ server, seed, limits, known, isUp, newId }: HostStart, nowMs: number) {
    this.#server = server;
    this.#limits = limits;
    this.#newId = newId;
    const { dials, kept } = known;
    const start = {
      seed,
      settings: dials?.settings ?? defaultSettings,
      segment: (dials?.segment ?? 0) + 1,
      nextMessage: kept.nextMessage,
    };
    const exchangeLimits = {
      nodesMax: limits.labNodesMax,
      pairsMax: limits.labPairsMax,
      storiesMax: limits.labStoriesMax,
      graceMs: limits.labSettleGraceMs,
    };
    this.#exchange = new Exchange(start, exchangeLimits, (happening) => this.#happened(happening));
    this.#dials = new Dials(this.#exchange, nowMs, dials?.changedBy ?? null);
    this.#nodes = new Nodes(limits);
    this.#bursts = new Bursts(this.#exchange, limits, {
      sent: (burst, message, atMs) => this.#sent(burst, message, atMs),
      ended: (burst, _left, why) => this.#burstEnded(burst, why),
    });
    this.#events = new Events(limits.labEventsPerNewsMax, kept.nextEvent);
    this.#measures = new Measures(limits, this.#dials, this.#nodes);
    this.#teller = new Teller(this.#nodes, this.#events, this.#outbox);
    if (dials !== undefined) this.#events.add('moved', nowMs, () => ({ other: server }));
    const seats = new Map(kept.seats);
    for (const node of known.nodes()) {
      const seat = seats.get(node.id);
      if (seat !== undefined && isUp(node.server)) this.#restore(node, seat);
    }
    for (const part of ['host', 'dials', 'class', 'run'] as const) this.#outbox.parts.add(part);
  }

  /** When `due` has something to do; null while there is nothing. */
  nextDueMs(nowMs: number): number | null {
    const times = [this.#exchange.nextDueMs, this.#bursts.nextDueMs(nowMs), this.#measures.dueMs, this.#sharedDueMs];
    return times.reduce((next, time) => (next === null || (time !== null && time < next) ? time : next), null);
  }

  /** Lets happen what is due by now. To be called when `nextDueMs` has come. */
  due(nowMs: number): void {
    this.#exchange.due(nowMs);
    this.#bursts.due(nowMs);
    // What takes no time at all has arrived with its sending.
    this.#exchange.due(nowMs);
    this.#measures.due(nowMs, () => ({
      inFlight: this.#exchange.inFlight,
      waiting: this.#bursts.waiting,
      unsettled: this.#exchange.unsettledPairs,
      relayLost: this.#relayLost,
    }));
  }

  /** Somebody says something. A refusal is told to whoever said it. */
  heard(speaker: Speaker, word: LabWords, nowMs: number): void {
    this.due(nowMs);
    try {
      this.#take(speaker, word, nowMs);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#outbox.refuse(speaker.seat, word.what, word.ref, error.code, error.problems);
    }
    this.due(nowMs);
  }

  /** A socket is gone, and its nodes with it. */
  gone(seat: Seat, nowMs: number): void {
    this.due(nowMs);
    for (const member of this.#nodes.of(seat)) this.#leave(member, nowMs);
  }

  /** A server is down: so are the sockets that ended there. */
  serverDown(server: string, nowMs: number): void {
    this.due(nowMs);
    for (const member of [...this.#nodes.all()]) if (member.server === server) this.#leave(member, nowMs);
    this.#lostElsewhere.delete(server);
  }

  /**
   * A server says which nodes its sockets are: what got lost on the way is put right. One that joined just now it may
   * not know yet; one that `isBehind` may know too few.
   */
  account(server: string, nodes: readonly (readonly [LabNode, Seat])[], isBehind: boolean, nowMs: number): void {
    this.due(nowMs);
    const there = new Map(nodes.map(([node, seat]) => [node.id, { node, seat }]));
    for (const member of [...this.#nodes.all()]) {
      const isFresh = member.joinedAt > nowMs - this.#limits.labAccountIntervalMs;
      const isMissing = member.server === server && !there.has(member.id);
      if (isMissing && !isFresh && !isBehind) this.#leave(member, nowMs);
    }
    for (const { node, seat } of there.values()) {
      const member = this.#nodes.get(node.id);
      if (member === undefined) this.#restore({ ...node, server }, seat);
    }
  }

  /** Casts between servers have been lost: `casts` in all on their way to `server`. */
  lost(server: string, casts: number): void {
    const before = this.#lostElsewhere.get(server) ?? 0;
    this.#lostElsewhere.set(server, casts);
    this.#relayLost += Math.max(0, casts - before);
  }

  /** What is to be told by now. Shared news wait for their time, so that they are not too many. */
  take(nowMs: number): Outgoing {
    const seats = this.#outbox.takeSeats(nowMs);
    const sharedDueMs = this.#sharedDueMs;
    if (sharedDueMs === null || nowMs < sharedDueMs) return { all: null, kept: null, seats };
    const all = this.#shared(nowMs);
    const kept = this.#keptChanged ? this.kept() : null;
    this.#keptChanged = false;
    return { all, kept, seats };
  }

  /** What the other servers keep for a takeover. */
  kept(): Kept {
    return {
      seats: [...this.#nodes.all()].map(({ id, seat }) => [id, seat]),
      nextMessage: this.#exchange.nextMessage,
      nextEvent: this.#events.next,
      predictions: [],
    };
  }

  get #sharedDueMs(): number | null {
    const isWaiting = this.#outbox.hasShared || this.#events.hasAny || this.#measures.hasNews;
    return isWaiting ? this.#sharedAtMs + this.#limits.labNewsMs : null;
  }

  #take(speaker: Speaker, word: LabWords, nowMs: number): void {
    const { seat, user } = speaker;
    switch (word.what) {
      case 'join':
        this.#join(speaker, word.name, word.node ?? this.#newId(), word.ref, nowMs);
        return;
      case 'leave':
        this.#leave(this.#nodes.own(word.node, seat), nowMs);
        this.#you(speaker, word.ref);
        return;
      case 'subscribe': {
        const member = this.#nodes.own(word.node, seat);
        this.#nodes.subscribe(member, word.topic, word.on);
        this.#exchange.subscribe(member.id, word.topic, word.on);
        this.#outbox.nodes.add(member.id);
        const what = word.on ? 'subscribed' : 'unsubscribed';
        this.#events.add(what, nowMs, () => ({ node: member.name, topic: word.topic }));
        return;
      }
      case 'send':
        this.#send(word, seat, nowMs);
        return;
      case 'stop':
        this.#nodes.own(word.node, seat);
        this.#bursts.stop(({ from, run }) => from === word.node && run === null);
        return;
      case 'seen':
        if (this.#nodes.get(word.node)?.seat !== seat) return;
        for (const [message, attempt] of word.seen) this.#exchange.seen(word.node, message, attempt, nowMs);
        return;
      case 'dials':
        this.#turn(word.change, user, nowMs);
        return;
      case 'preset':
        this.#turn(presets[word.name], user, nowMs);
        return;
      case 'story': {
        const story = this.#exchange.story(word.message);
        if (story === null) throw new Refused('no-such-message');
        const ref = word.ref === undefined ? {} : { ref: word.ref };
        this.#outbox.tell(seat, { story: { ...storyView(story, (id) => this.#nodes.name(id)), ...ref } });
        return;
      }
      default:
        throw new Refused('bad-word');
    }
  }

  #join(speaker: Speaker, name: string, id: string, ref: string | undefined, nowMs: number): void {
    const before = this.#nodes.get(id)?.seat;
    const member = this.#nodes.join(speaker, id, name, nowMs);
    this.#exchange.join(id);
    this.#outbox.nodes.add(id);
    this.#keptChanged = true;
    if (before === undefined) this.#events.add('joined', nowMs, () => ({ node: member.name }));
    this.#you(speaker, ref);
    if (before !== undefined && before !== speaker.seat) this.#you({ ...speaker, seat: before }, undefined);
  }

  #restore(node: LabNode, seat: Seat): void {
    if (this.#nodes.size >= this.#limits.labNodesMax || !this.#nodes.isFree(node.name)) return;
    this.#nodes.restore(node, seat);
    this.#exchange.join(node.id);
    for (const topic of node.topics) this.#exchange.subscribe(node.id, topic, true);
    this.#outbox.nodes.add(node.id);
    this.#keptChanged = true;
  }

  #leave(member: Member, nowMs: number): void {
    this.#bursts.stop(({ from }) => from === member.id);
    this.#exchange.leave(member.id, nowMs);
    this.#nodes.leave(member);
    this.#outbox.nodes.add(member.id);
    this.#keptChanged = true;
    this.#events.add('left', nowMs, () => ({ node: member.name }));
  }

  #you({ seat, server }: Speaker, ref: string | undefined): void {
    const nodes = this.#nodes.of(seat).map(({ id }) => id);
    this.#outbox.tell(seat, { you: { server, nodes, ...(ref === undefined ? {} : { ref }) } });
  }

  #send(word: Extract<LabWords, { readonly what: 'send' }>, seat: Seat, nowMs: number): void {
    const { node, method, to, text, ref, count = 1, perSecond } = word;
    const { name } = this.#nodes.own(node, seat);
    const { labBurstMaxMessages, labBurstPerSecondMax } = this.#limits;
    if (count > labBurstMaxMessages || (perSecond ?? 0) > labBurstPerSecondMax) throw new Refused('burst-too-large');
    if (this.#exchange.receivers(node, to).length === 0) {
      throw new Refused('node' in to ? 'no-such-node' : 'nobody-there');
    }
    if (!this.#bursts.hasRoom(count)) throw new Refused('too-many-messages');
    this.#bursts.add({
      from: node,
      method,
      to,
      text,
      run: null,
      ref,
      count,
      startMs: nowMs,
      everyMs: everyMsOf(perSecond),
    });
    if (count > 1) this.#events.add('burst', nowMs, () => ({ node: name, method, count }));
    this.#measures.begin(nowMs);
  }

  #turn(change: Parameters<Dials['changed']>[0], by: string, nowMs: number): void {
    const settings = this.#dials.changed(change);
    this.#dials.set(settings, by, nowMs);
    this.#measures.newSegment();
    this.#outbox.parts.add('dials');
    this.#events.add('dials', nowMs, () => ({ text: by }));
  }

  #sent({ from, method, text, ref }: Burst, message: number, atMs: number): void {
    const member = this.#nodes.get(from);
    const story = this.#exchange.story(message);
    if (member === undefined || story === null) return;
    const to = story.nodes.length;
    const progress = { node: from, message, what: 'sent', at: atMs, to, method, text } as const;
    this.#outbox.progress(member.seat, ref === undefined ? progress : { ...progress, ref });
  }

  #burstEnded({ from, ref }: Burst, why: Refusal | 'stopped'): void {
    const member = this.#nodes.get(from);
    if (member !== undefined && why !== 'stopped') this.#outbox.refuse(member.seat, 'send', ref, why);
  }

  #happened(happening: Happening): void {
    this.#measures.happened(happening);
    this.#teller.happened(happening);
  }

  #shared(nowMs: number): LabNews {
    this.#sharedAtMs = nowMs;
    const { parts, nodes } = this.#outbox;
    const { events, leftOut } = this.#events.take();
    const changed = [...nodes].flatMap((id) => this.#nodes.get(id) ?? []);
    const gone = [...nodes].filter((id) => this.#nodes.get(id) === undefined);
    const measured = this.#measures.takeNews();
    if (measured.samples !== undefined) this.#keptChanged = true;
    const news: LabNews = {
      at: nowMs,
      ...(parts.has('host') ? { host: this.#server, nodes: [...this.#nodes.all()].map(nodeView) } : {}),
      ...(!parts.has('host') && changed.length > 0 ? { nodesChanged: changed.map(nodeView) } : {}),
      ...(!parts.has('host') && gone.length > 0 ? { nodesGone: gone } : {}),
      ...(parts.has('dials') ? { dials: this.#dials.view('everybody') } : {}),
      ...measured,
      ...(measured.samples === undefined ? {} : { relayLost: this.#relayLost }),
      ...(events.length > 0 ? { events } : {}),
      ...(leftOut > 0 ? { eventsLeftOut: leftOut } : {}),
    };
    parts.clear();
    nodes.clear();
    return news;
  }
}
