/**
 * The live lab's middle: nodes, topics, and links between them that drop and delay, for messages of real nodes. It is
 * told what comes and what time it is, and says what is to go out; sockets and timers are the server's. Its senders,
 * links and randomness are those of the batches, so what theory says of the one it says of the other.
 *
 * A node's page acknowledges whatever reaches it at once; the link takes, or loses, that ACK on its way to the sender.
 * What is measured minus what the link took is the system's own cost: the server's, the network's and the page's.
 */
import { Agenda } from './agenda.ts';
import { type Crossing, cross } from './link.ts';
import { Receiver, Sender, type Transmission } from './pubsub.ts';
import type { LabSettings } from './settings.ts';
import type { Method } from './theory.ts';

export interface ExchangeLimits {
  /** Nodes at a time. */
  readonly nodesMax: number;
  /** Messages on their way, of all nodes. */
  readonly messagesMax: number;
  /** Messages whose story can still be told, the newest. */
  readonly storiesMax: number;
}

/** A message that a node sends. */
export interface Publication {
  readonly from: string;
  readonly method: Method;
  /** Who gets it: one node, or all subscribers of a topic but the sender. */
  readonly to: { readonly node: string } | { readonly topic: string };
  readonly text: string;
}

/** One sending to one node, as it went. Times in ms on the server's clock. */
export interface LiveAttempt {
  readonly attempt: number;
  readonly node: string;
  readonly sentAtMs: number;
  readonly data: Crossing;
  /** When the node's page said that it has it; null while it has not. */
  seenAtMs: number | null;
  isCopy: boolean;
  ack: Crossing | null;
  ackArrivedAtMs: number | null;
}

/** Everything that happened to one message. */
export interface LiveStory extends Publication {
  readonly message: number;
  readonly segment: number;
  readonly settings: LabSettings;
  readonly sentAtMs: number;
  /** To whom it was addressed, by name of the node. */
  readonly nodes: readonly string[];
  readonly attempts: LiveAttempt[];
  endedAtMs: number | null;
  /** Null until it is over; of Direct it is never known to the sender. */
  confirmed: boolean | null;
}

/** What is to go out. */
export type Output =
  | { readonly what: 'deliver'; readonly node: string; readonly message: number; readonly attempt: number }
  | { readonly what: 'acknowledged'; readonly node: string; readonly message: number; readonly by: string }
  | { readonly what: 'ended'; readonly node: string; readonly message: number; readonly confirmed: boolean };

/** What happened, for whoever counts. */
export type Happening =
  | { readonly what: 'sent'; readonly method: Method; readonly attempt: number; readonly lost: boolean }
  | {
      readonly what: 'seen';
      readonly method: Method;
      readonly isCopy: boolean;
      readonly latencyMs: number;
      /** Of that, what the link did not take. */
      readonly ownMs: number;
    }
  | { readonly what: 'ack-lost'; readonly method: Method }
  | { readonly what: 'acknowledged'; readonly method: Method; readonly latencyMs: number }
  | { readonly what: 'ended'; readonly method: Method; readonly confirmed: boolean };

interface Node {
  readonly id: string;
  readonly number: number;
  readonly receiver: Receiver;
  readonly topics: Set<string>;
}

type Due =
  | { readonly what: 'data'; readonly message: number; readonly attempt: LiveAttempt }
  | { readonly what: 'ack'; readonly message: number; readonly node: Node };

/** Why a message or a node is not taken. */
export type Refusal = 'no-such-node' | 'nobody-there' | 'too-many-messages' | 'too-many-nodes';

export class Exchange {
  readonly #seed: number;
  readonly #limits: ExchangeLimits;
  readonly #tell: (happening: Happening) => void;
  readonly #nodes = new Map<string, Node>();
  readonly #stories = new Map<number, LiveStory>();
  readonly #agenda = new Agenda<Due>();
  readonly #sender = new Sender();
  #settings: LabSettings;
  #segment = 1;
  #nextMessage = 0;
  #nextNode = 0;

  constructor(seed: number, settings: LabSettings, limits: ExchangeLimits, tell: (happening: Happening) => void) {
    this.#seed = seed;
    this.#settings = settings;
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

  /** When `due` has something to do; null while there is nothing. */
  get nextDueMs(): number | null {
    const times = [this.#agenda.nextMs, this.#sender.nextDueMs].filter((time) => time !== null);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** What is known of a message; null when it is too long ago. */
  story(message: number): LiveStory | null {
    return this.#stories.get(message) ?? null;
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
    const receiver = new Receiver(this.#limits.storiesMax);
    this.#nodes.set(id, { id, number: this.#nextNode++, receiver, topics: new Set() });
    return null;
  }

  /** A node is gone: nobody waits for it any more. */
  leave(id: string): readonly Output[] {
    const node = this.#nodes.get(id);
    if (node === undefined) return [];
    this.#nodes.delete(id);
    const ended = this.#sender.forget(node.number);
    return ended.flatMap(({ message }) => this.#end(message, true, null));
  }

  subscribe(id: string, topic: string, on: boolean): Refusal | null {
    const node = this.#nodes.get(id);
    if (node === undefined) return 'no-such-node';
    if (on) node.topics.add(topic);
    else node.topics.delete(topic);
    return null;
  }

  /** Sends a message. Its number is given back, or why it is not taken. */
  publish(publication: Publication, nowMs: number): { readonly message: number } | { readonly refusal: Refusal } {
    const { from, method, to } = publication;
    if (!this.#nodes.has(from)) return { refusal: 'no-such-node' };
    const receivers = [...this.#nodes.values()].filter(({ id, topics }) =>
      'node' in to ? id === to.node : id !== from && topics.has(to.topic),
    );
    if (receivers.length === 0) return { refusal: 'node' in to ? 'no-such-node' : 'nobody-there' };
    if (this.#sender.inFlight + this.#agenda.size >= this.#limits.messagesMax) return { refusal: 'too-many-messages' };
    const message = this.#nextMessage++;
    const settings = this.#settings;
    const nodes = receivers.map(({ id }) => id);
    const story: LiveStory = {
      ...publication,
      message,
      segment: this.#segment,
      settings,
      sentAtMs: nowMs,
      nodes,
      attempts: [],
      endedAtMs: null,
      confirmed: null,
    };
    this.#stories.set(message, story);
    this.#forgetOldStories();
    const numbers = receivers.map(({ number }) => number);
    if (method === 'pubsub') this.#transmit(this.#sender.publish(message, numbers, settings, nowMs), nowMs);
    else
      this.#transmit(
        numbers.map((subscriber) => ({ message, attempt: 0, subscriber })),
        nowMs,
      );
    return { message };
  }

  /** A node's page has a message: its first copy, or another one. Answers whether it is to be shown. */
  seen(id: string, message: number, attempt: number, nowMs: number): boolean {
    const node = this.#nodes.get(id);
    const story = this.#stories.get(message);
    const one = story?.attempts.find((other) => other.node === id && other.attempt === attempt);
    if (!node || !story || !one || one.seenAtMs !== null || one.data.lost) return false;
    const isFirst = node.receiver.isFirst(`${message}`);
    one.seenAtMs = nowMs;
    one.isCopy = !isFirst;
    const { method } = story;
    const ownMs = nowMs - one.sentAtMs - one.data.latencyMs;
    this.#tell({ what: 'seen', method, isCopy: !isFirst, latencyMs: nowMs - story.sentAtMs, ownMs });
    if (method === 'pubsub') this.#acknowledge(story, one, node, nowMs);
    else if (
      story.nodes.every((other) => story.attempts.some((sent) => sent.node === other && sent.seenAtMs !== null))
    ) {
      story.endedAtMs = nowMs;
    }
    return isFirst || !story.settings.deduplicate;
  }

  /** What goes out by now. To be called when `nextDueMs` has come, and after `publish`. */
  due(nowMs: number): readonly Output[] {
    const outputs: Output[] = [];
    for (let next = this.#agenda.take(nowMs); next !== null; next = this.#agenda.take(nowMs)) {
      outputs.push(...this.#arrive(next.thing, next.atMs));
    }
    const { transmissions, ended } = this.#sender.due(nowMs);
    this.#transmit(transmissions, nowMs);
    for (const { message } of ended) outputs.push(...this.#end(message, false, nowMs));
    return outputs;
  }

  #transmit(transmissions: readonly Transmission[], nowMs: number): void {
    for (const { message, attempt, subscriber } of transmissions) {
      const story = this.#stories.get(message);
      const node = [...this.#nodes.values()].find(({ number }) => number === subscriber);
      if (!story || !node) continue;
      const data = cross(story.settings, this.#seed, { message, attempt, direction: 'data', subscriber });
      const one: LiveAttempt = {
        attempt,
        node: node.id,
        sentAtMs: nowMs,
        data,
        seenAtMs: null,
        isCopy: false,
        ack: null,
        ackArrivedAtMs: null,
      };
      story.attempts.push(one);
      this.#tell({ what: 'sent', method: story.method, attempt, lost: data.lost });
      if (!data.lost) this.#agenda.add(nowMs + data.latencyMs, { what: 'data', message, attempt: one });
    }
  }

  #acknowledge(story: LiveStory, one: LiveAttempt, node: Node, nowMs: number): void {
    const { message, settings, method } = story;
    const key = { message, attempt: one.attempt, direction: 'ack', subscriber: node.number } as const;
    const ack = cross(settings, this.#seed, key);
    one.ack = ack;
    if (ack.lost) this.#tell({ what: 'ack-lost', method });
    else {
      one.ackArrivedAtMs = nowMs + ack.latencyMs;
      this.#agenda.add(one.ackArrivedAtMs, { what: 'ack', message, node });
    }
  }

  #arrive(due: Due, atMs: number): readonly Output[] {
    const { message } = due;
    if (due.what === 'data') {
      const { node, attempt } = due.attempt;
      return this.#nodes.has(node) ? [{ what: 'deliver', node, message, attempt }] : [];
    }
    const story = this.#stories.get(message);
    if (!story || story.confirmed !== null) return [];
    const { from, method } = story;
    const outputs: Output[] = [{ what: 'acknowledged', node: from, message, by: due.node.id }];
    this.#tell({ what: 'acknowledged', method, latencyMs: atMs - story.sentAtMs });
    const ended = this.#sender.acknowledged(message, due.node.number);
    return ended === null ? outputs : [...outputs, ...this.#end(message, true, atMs)];
  }

  #end(message: number, confirmed: boolean, atMs: number | null): readonly Output[] {
    const story = this.#stories.get(message);
    if (!story) return [];
    story.confirmed = confirmed;
    story.endedAtMs = atMs;
    this.#tell({ what: 'ended', method: story.method, confirmed });
    return [{ what: 'ended', node: story.from, message, confirmed }];
  }

  /** The oldest go; those on their way are the newest, because what may be on its way is limited to fewer. */
  #forgetOldStories(): void {
    const most = this.#limits.storiesMax + this.#limits.messagesMax;
    while (this.#stories.size > most) this.#stories.delete(this.#stories.keys().next().value!);
  }
}
