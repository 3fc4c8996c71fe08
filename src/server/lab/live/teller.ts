/** Tells what happens to messages: to the pages they reach, to their senders, and in the event log. */
import type { Happening, LiveAttempt, LiveStory } from '../../../lab/index.ts';
import type { LabEvent, LabProgress } from '../../../protocol/index.ts';
import type { Events } from './events.ts';
import type { Nodes } from './nodes.ts';
import type { Outbox } from './outbox.ts';

type Line = Omit<LabEvent, 'number' | 'at' | 'what'>;

export class Teller {
  readonly #nodes: Nodes;
  readonly #events: Events;
  readonly #outbox: Outbox;

  constructor(nodes: Nodes, events: Events, outbox: Outbox) {
    this.#nodes = nodes;
    this.#events = events;
    this.#outbox = outbox;
  }

  happened(happening: Happening): void {
    const { story } = happening;
    switch (happening.what) {
      case 'sent':
        this.#sent(story, happening.attempt);
        return;
      case 'arrived':
        this.#deliver(story, happening.attempt);
        return;
      case 'seen': {
        const { isCopy, seenAtMs } = happening.attempt;
        const ms = seenAtMs! - story.sentAtMs;
        this.#events.add(isCopy ? 'copy' : 'delivered', seenAtMs!, () => this.#line(story, happening.attempt, { ms }));
        return;
      }
      case 'ack-lost':
        this.#events.add('ack-lost', happening.attempt.seenAtMs!, () => this.#line(story, happening.attempt));
        return;
      case 'acknowledged': {
        const { by, atMs } = happening;
        const ms = atMs - story.sentAtMs;
        this.#events.add('acknowledged', atMs, () => ({ ...this.#ends(story), other: this.#nodes.name(by), ms }));
        this.#progress(story, { what: 'acknowledged', at: atMs, by });
        return;
      }
      case 'ended': {
        const { atMs } = happening;
        const what = story.confirmed ? 'confirmed' : 'given-up';
        this.#events.add(what, atMs, () => this.#ends(story));
        this.#progress(story, { what, at: atMs });
      }
    }
  }

  #sent(story: LiveStory, attempt: LiveAttempt): void {
    const line = (): Line => this.#line(story, attempt);
    this.#events.add(attempt.attempt === 0 ? 'sent' : 'resent', attempt.sentAtMs, line);
    if (attempt.data.lost) this.#events.add('lost', attempt.sentAtMs, line);
  }

  #deliver(story: LiveStory, { node, attempt, isCopy }: LiveAttempt): void {
    const member = this.#nodes.get(node);
    if (member === undefined) return;
    const { message, from, method, to, text, sentAtMs, settings } = story;
    this.#outbox.deliver(member.seat, {
      node,
      message,
      attempt,
      from,
      fromName: this.#nodes.name(from),
      method,
      topic: 'topic' in to ? to.topic : null,
      text,
      sentAt: sentAtMs,
      copy: isCopy,
      show: !isCopy || !settings.deduplicate,
    });
  }

  #progress({ from, message }: LiveStory, what: Omit<LabProgress, 'node' | 'message'>): void {
    const member = this.#nodes.get(from);
    if (member !== undefined) this.#outbox.progress(member.seat, { node: from, message, ...what });
  }

  #ends({ from, method, message, to }: LiveStory): Line {
    const topic = 'topic' in to ? { topic: to.topic } : {};
    return { node: this.#nodes.name(from), method, message, ...topic };
  }

  #line(story: LiveStory, { node, attempt }: LiveAttempt, more: Line = {}): Line {
    return { ...this.#ends(story), other: this.#nodes.name(node), attempt, ...more };
  }
}
