/**
 * The live lab's middle: nodes, topics, and links between them that drop and delay, for messages of real nodes. It is
 * told what comes and what time it is, and tells what happens; sockets and timers are the server's. Its senders, links
 * and randomness are those of the batches, so what theory says of the one it says of the other.
 *
 * Everything happens at its own time, however late it is asked: a sending that was due at 600 ms is a sending at 600 ms.
 * A node's page says `seen` of whatever reaches it, and the link takes, or loses, the ACK. The ACK leaves when the link
 * had the message there; what the lab itself took on the way to the page and back is part of what the ACK's crossing
 * takes, and only the rest of it is waited for. So the lab's own cost is measured without its spoiling what it measures.
 *
 * A message is *settled* when nothing more can become of it, counted from its sending alone and not from what became of
 * it: whoever counts messages when they are settled does not count the quick ones first.
 */
import { Agenda } from './agenda.ts';
import type {
  ExchangeLimits,
  ExchangeStart,
  Happening,
  LiveAttempt,
  LiveStory,
  Publication,
  Refusal,
  SettledPair,
} from './exchange-types.ts';
import { cross } from './link.ts';
import { Sender, type Transmission } from './pubsub.ts';
import type { LabSettings } from './settings.ts';
import type { Method } from './theory.ts';

interface Node {
  readonly id: string;
  readonly number: number;
  readonly topics: Set<string>;
  /** When its page was last found to be too late to be counted; before everything, when it never was. */
  lateAtMs: number;
}

/** A message on its way to one node. */
interface Pair {
  /** The node as it was when the message was sent: who left and came again is another. */
  readonly node: Node;
  readonly attempts: LiveAttempt[];
  hasArrived: boolean;
  ackedAtMs: number | null;
  /** The lab itself was so late with an ACK that the sender had lost patience meanwhile. */
  isSpoilt: boolean;
}

interface Message {
  readonly story: LiveStory;
  readonly sender: Node;
  readonly pairs: ReadonlyMap<number, Pair>;
}

type Due =
  | { readonly what: 'arrive'; readonly message: Message; readonly pair: Pair; readonly attempt: LiveAttempt }
  | { readonly what: 'ack'; readonly message: Message; readonly pair: Pair }
  | { readonly what: 'slot'; readonly message: Message }
  | { readonly what: 'settle'; readonly message: Message };

/** How long it takes from sending a message until nothing more can become of it, ms, if nobody is late. */
export const settlingMs = (method: Method, settings: LabSettings): number => {
  const { latencyMaxMs, maxRetries, ackTimeoutMs } = settings;
  if (method === 'direct') return latencyMaxMs;
  return Math.max((maxRetries + 1) * ackTimeoutMs, maxRetries * ackTimeoutMs + latencyMaxMs);
};

/** How often a sender has lost patience with a message by then: what comes at that very moment is in time. */
const timeoutsBy = ({ sentAtMs, settings }: LiveStory, atMs: number): number =>
  Math.min(settings.maxRetries + 1, Math.ceil((atMs - sentAtMs) / settings.ackTimeoutMs) - 1);

const newcomer = (): Pick<Node, 'topics' | 'lateAtMs'> => ({
  topics: new Set(),
  lateAtMs: Number.NEGATIVE_INFINITY,
});

const slotKey = (from: string, method: Method): string => `${method} ${from}`;

export class Exchange {
  readonly #seed: number;
  readonly #limits: ExchangeLimits;
  readonly #tell: (happening: Happening) => void;
  readonly #nodes = new Map<string, Node>();
  /** The numbers of nodes that have gone, for when they come again. */
  readonly #numbers = new Map<string, number>();
  readonly #messages = new Map<number, Message>();
  /** Those of them that are settled, oldest first. */
  readonly #settled = new Map<number, Message>();
  readonly #agenda = new Agenda<Due>();
  readonly #sender = new Sender();
  /** Messages that take a slot of their sender, by sender and method. */
  readonly #slots = new Map<string, number>();
  #settings: LabSettings;
  #segment: number;
  #nextMessage: number;
  #nextNode = 0;
  #inFlight = 0;
  #unsettledPairs = 0;
  #settledPairs = 0;

  constructor(start: ExchangeStart, limits: ExchangeLimits, tell: (happening: Happening) => void) {
    this.#seed = start.seed;
    this.#settings = start.settings;
    this.#segment = start.segment ?? 1;
    this.#nextMessage = start.nextMessage ?? 0;
    this.#limits = limits;
    this.#tell = tell;
  }

  get settings(): LabSettings {
    return this.#settings;
  }

  /** Grows by one at each change of settings: theory holds within a segment. */
  get segment(): number {
    return this.#segment;
  }

  /** The number that the next message gets. */
  get nextMessage(): number {
    return this.#nextMessage;
  }

  /** Messages that take one of their sender's slots. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Messages that are not settled, each once for each node that it goes to. */
  get unsettledPairs(): number {
    return this.#unsettledPairs;
  }

  /** When `due` has something to do; null while there is nothing. */
  get nextDueMs(): number | null {
    const agendaMs = this.#agenda.nextMs;
    const senderMs = this.#sender.nextDueMs;
    if (agendaMs === null || senderMs === null) return agendaMs ?? senderMs;
    return Math.min(agendaMs, senderMs);
  }

  /** Slots that a sender's messages of this method take. */
  slotsTaken(from: string, method: Method): number {
    return this.#slots.get(slotKey(from, method)) ?? 0;
  }

  /** What is known of a message; null when it is too long ago. */
  story(message: number): LiveStory | null {
    return this.#messages.get(message)?.story ?? null;
  }

  /** For messages that are sent from now on. They must have been checked (`problemsOf`). */
  change(settings: LabSettings): void {
    this.#settings = settings;
    this.#segment++;
  }

  /** A node is there. Its number stays its own, so that the luck of a link does not depend on who else is there. */
  join(id: string): Refusal | null {
    if (this.#nodes.has(id)) return null;
    if (this.#nodes.size >= this.#limits.nodesMax) return 'too-many-nodes';
    this.#nodes.set(id, { id, number: this.#numbers.get(id) ?? this.#nextNode++, ...newcomer() });
    this.#numbers.delete(id);
    return null;
  }

  /** A node is gone: nobody waits for it any more, and what it sent is not sent again. */
  leave(id: string, nowMs: number): void {
    const node = this.#nodes.get(id);
    if (node === undefined) return;
    this.#nodes.delete(id);
    this.#numbers.set(id, node.number);
    if (this.#numbers.size > this.#limits.nodesMax) this.#numbers.delete(this.#numbers.keys().next().value!);
    for (const { message } of this.#sender.forget(node.number)) this.#end(this.#messages.get(message)!, nowMs);
    for (const message of this.#messages.values()) {
      if (message.sender === node && this.#sender.drop(message.story.message)) this.#end(message, nowMs);
    }
  }

  subscribe(id: string, topic: string, on: boolean): Refusal | null {
    const node = this.#nodes.get(id);
    if (node === undefined) return 'no-such-node';
    if (on) node.topics.add(topic);
    else node.topics.delete(topic);
    return null;
  }

  /** Who gets what is sent so: nodes' ids. Nobody, for a node that is not there and a topic without others. */
  receivers(from: string, to: Publication['to']): readonly string[] {
    if ('node' in to) return this.#nodes.has(to.node) ? [to.node] : [];
    return [...this.#nodes.values()].flatMap(({ id, topics }) => (id !== from && topics.has(to.topic) ? [id] : []));
  }

  /** Sends a message. Its number is given back, or why it is not taken. */
  publish(publication: Publication, nowMs: number): { readonly message: number } | { readonly refusal: Refusal } {
    const { from, method, to } = publication;
    const sender = this.#nodes.get(from);
    if (sender === undefined) return { refusal: 'no-such-node' };
    const nodes = this.receivers(from, to);
    if (nodes.length === 0) return { refusal: 'node' in to ? 'no-such-node' : 'nobody-there' };
    if (this.#unsettledPairs + nodes.length > this.#limits.pairsMax) return { refusal: 'too-many-messages' };
    const number = this.#nextMessage++;
    const settings = this.#settings;
    const facts = { message: number, segment: this.#segment, settings, sentAtMs: nowMs, nodes };
    const story: LiveStory = { ...publication, ...facts, attempts: [], endedAtMs: null, confirmed: null };
    const pairs = nodes.map((id): [number, Pair] => {
      const node = this.#nodes.get(id)!;
      return [node.number, { node, attempts: [], hasArrived: false, ackedAtMs: null, isSpoilt: false }];
    });
    const message: Message = { story, sender, pairs: new Map(pairs) };
    this.#messages.set(number, message);
    this.#unsettledPairs += nodes.length;
    this.#takeSlot(message);
    this.#agenda.add(nowMs + settlingMs(method, settings) + this.#limits.graceMs, { what: 'settle', message });
    const subscribers = [...message.pairs.keys()];
    if (method === 'pubsub') this.#transmit(this.#sender.publish(number, subscribers, settings, nowMs), nowMs);
    else {
      const sendings = subscribers.map((subscriber) => ({ message: number, attempt: 0, subscriber }));
      this.#transmit(sendings, nowMs);
      const longestMs = Math.max(...story.attempts.map(({ data }) => data.latencyMs));
      this.#agenda.add(nowMs + longestMs, { what: 'slot', message });
    }
    return { message: number };
  }

  /** A node's page has a message, by this attempt. Anything else than what was delivered to it, or twice, is nothing. */
  seen(id: string, message: number, attempt: number, nowMs: number): void {
    const known = this.#messages.get(message);
    const node = this.#nodes.get(id);
    if (!known || !node) return;
    const pair = known.pairs.get(node.number);
    const one = pair?.attempts.find((other) => other.attempt === attempt);
    if (!pair || pair.node !== node || !one || one.arrivedAtMs === null || one.seenAtMs !== null) return;
    one.seenAtMs = nowMs;
    const { story } = known;
    this.#tell({ what: 'seen', story, attempt: one, ownMs: nowMs - one.arrivedAtMs });
    if (story.method === 'direct') return;
    const key = { message, attempt, direction: 'ack', subscriber: node.number } as const;
    const ack = cross(story.settings, this.#seed, key);
    one.ack = ack;
    if (ack.lost) this.#tell({ what: 'ack-lost', story, attempt: one });
    else {
      // Summed in one step: an ACK that takes exactly as long as the timeout must not come a rounding error after it.
      const linkMs = one.sentAtMs + (one.data.latencyMs + ack.latencyMs);
      one.ackArrivedAtMs = Math.max(nowMs, linkMs);
      if (timeoutsBy(story, nowMs) > timeoutsBy(story, linkMs)) {
        pair.isSpoilt = true;
        node.lateAtMs = nowMs;
      }
      this.#agenda.add(one.ackArrivedAtMs, { what: 'ack', message: known, pair });
    }
  }

  /** Lets happen what is due by now. To be called when `nextDueMs` has come, and before anything else is told. */
  due(nowMs: number): void {
    for (;;) {
      const atMs = this.nextDueMs;
      if (atMs === null || atMs > nowMs) return;
      // An ACK of the same moment is told before its sender loses patience.
      if (this.#agenda.nextMs === atMs) this.#happen(this.#agenda.take(atMs)!.thing, atMs);
      else {
        const { transmissions, ended } = this.#sender.due(atMs);
        this.#transmit(transmissions, atMs);
        for (const { message } of ended) this.#end(this.#messages.get(message)!, atMs);
      }
    }
  }

  #transmit(transmissions: readonly Transmission[], atMs: number): void {
    for (const { message: number, attempt, subscriber } of transmissions) {
      const message = this.#messages.get(number)!;
      const { story } = message;
      const pair = message.pairs.get(subscriber)!;
      const data = cross(story.settings, this.#seed, { message: number, attempt, direction: 'data', subscriber });
      const unknown = { arrivedAtMs: null, seenAtMs: null, isCopy: false, ack: null, ackArrivedAtMs: null };
      const one: LiveAttempt = { attempt, node: pair.node.id, sentAtMs: atMs, data, ...unknown };
      story.attempts.push(one);
      pair.attempts.push(one);
      this.#tell({ what: 'sent', story, attempt: one });
      if (!data.lost) this.#agenda.add(atMs + data.latencyMs, { what: 'arrive', message, pair, attempt: one });
    }
  }

  #happen(due: Due, atMs: number): void {
    const { message } = due;
    const { story } = message;
    switch (due.what) {
      case 'arrive': {
        const { pair, attempt } = due;
        if (this.#nodes.get(pair.node.id) !== pair.node) return;
        attempt.arrivedAtMs = atMs;
        attempt.isCopy = pair.hasArrived;
        pair.hasArrived = true;
        this.#tell({ what: 'arrived', story, attempt });
        return;
      }
      case 'ack': {
        // After its end the sender listens no more.
        if (due.pair.ackedAtMs !== null || story.endedAtMs !== null) return;
        due.pair.ackedAtMs = atMs;
        this.#tell({ what: 'acknowledged', story, by: due.pair.node.id, atMs });
        if (this.#sender.acknowledged(story.message, due.pair.node.number) !== null) this.#end(message, atMs);
        return;
      }
      case 'slot':
        story.endedAtMs = atMs;
        this.#freeSlot(message);
        return;
      case 'settle':
        this.#settle(message, atMs);
    }
  }

  /** A PubSub message is over for its sender. */
  #end(message: Message, atMs: number): void {
    const { story } = message;
    const waitedFor = [...message.pairs.values()].filter(({ node }) => this.#nodes.get(node.id) === node);
    story.confirmed = waitedFor.length > 0 && waitedFor.every(({ ackedAtMs }) => ackedAtMs !== null);
    story.endedAtMs = atMs;
    this.#freeSlot(message);
    this.#tell({ what: 'ended', story, atMs });
  }

  #settle(message: Message, atMs: number): void {
    const { story, pairs } = message;
    this.#unsettledPairs -= pairs.size;
    this.#settledPairs += pairs.size;
    this.#settled.set(story.message, message);
    const isSenderHere = this.#nodes.get(message.sender.id) === message.sender;
    // What the link let through and the page never had, the lab has lost itself.
    for (const { node, attempts } of pairs.values()) {
      if (attempts.some(({ arrivedAtMs, seenAtMs }) => arrivedAtMs !== null && seenAtMs === null)) node.lateAtMs = atMs;
    }
    const outcomes = [...pairs.values()].map((pair) => this.#outcome(pair, isSenderHere, story));
    this.#tell({
      what: 'settled',
      story,
      pairs: outcomes,
      atMs,
    });
    for (const [number, oldest] of this.#settled) {
      if (this.#settledPairs <= this.#limits.storiesMax) return;
      this.#settledPairs -= oldest.pairs.size;
      this.#settled.delete(number);
      this.#messages.delete(number);
    }
  }

  /**
   * While a page is late, none of its messages count: not those that reached it in time or were lost on the way either.
   * To leave out only those that it was late with would be to keep all that were lost.
   */
  #outcome({ node, attempts, ackedAtMs, isSpoilt }: Pair, isSenderHere: boolean, { sentAtMs }: LiveStory): SettledPair {
    const isHere = isSenderHere && this.#nodes.get(node.id) === node;
    if (!isHere || isSpoilt || node.lateAtMs >= sentAtMs) return { node: node.id, leftOut: true };
    const arrivals = attempts.flatMap(({ arrivedAtMs }) => arrivedAtMs ?? []);
    return {
      node: node.id,
      leftOut: false,
      latencyMs: arrivals.length === 0 ? null : Math.min(...arrivals) - sentAtMs,
      confirmedMs: ackedAtMs === null ? null : ackedAtMs - sentAtMs,
      attempts: attempts.length,
      duplicates: Math.max(0, arrivals.length - 1),
    };
  }

  #takeSlot({ story: { from, method } }: Message): void {
    this.#inFlight++;
    this.#slots.set(slotKey(from, method), this.slotsTaken(from, method) + 1);
  }

  #freeSlot({ story: { from, method } }: Message): void {
    const left = this.slotsTaken(from, method) - 1;
    this.#inFlight--;
    if (left > 0) this.#slots.set(slotKey(from, method), left);
    else this.#slots.delete(slotKey(from, method));
  }
}
