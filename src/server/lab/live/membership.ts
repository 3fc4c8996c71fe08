/** Coming and going: what a node’s joining and leaving means for all parts of the lab at once. */
import type { Exchange } from '../../../lab/index.ts';
import type { LabNode } from '../../../protocol/index.ts';
import type { Bursts } from './bursts.ts';
import type { Events } from './events.ts';
import type { Member, Nodes } from './nodes.ts';
import type { Outbox } from './outbox.ts';
import type { Seat, Speaker } from './seat.ts';

export class Membership {
  readonly #nodes: Nodes;
  readonly #exchange: Exchange;
  readonly #bursts: Bursts;
  readonly #events: Events;
  readonly #outbox: Outbox;

  constructor(nodes: Nodes, exchange: Exchange, bursts: Bursts, events: Events, outbox: Outbox) {
    this.#nodes = nodes;
    this.#exchange = exchange;
    this.#bursts = bursts;
    this.#events = events;
    this.#outbox = outbox;
  }

  /** Throws what speaks against it. */
  join(speaker: Speaker, name: string, id: string, ref: string | undefined, nowMs: number): void {
    const before = this.#nodes.get(id)?.seat;
    const member = this.#nodes.join(speaker, id, name, nowMs);
    this.#enter(member);
    if (before === undefined) this.#events.add('joined', nowMs, () => ({ node: member.name }));
    this.tellYou(speaker.seat, member.server, ref);
    if (before !== undefined && before !== speaker.seat) this.tellYou(before, member.server, undefined);
  }

  /** A node is there that another server knew, or that a server knew and this one did not. */
  restore(node: LabNode, seat: Seat): void {
    if (this.#nodes.get(node.id) === undefined && this.#nodes.hasRoom && this.#nodes.isFree(node.name)) {
      this.#enter(this.#nodes.restore(node, seat));
    }
  }

  leave(member: Member, nowMs: number): void {
    this.#bursts.stop(({ from }) => from === member.id, nowMs);
    this.#exchange.leave(member.id, nowMs);
    this.#nodes.leave(member);
    this.#outbox.node(member.id);
    if (member.inClass) this.#outbox.parts.add('class');
    this.#events.add('left', nowMs, () => ({ node: member.name }));
  }

  /** Tells a socket which nodes it is. */
  tellYou(seat: Seat, server: string, ref: string | undefined): void {
    const nodes = this.#nodes.of(seat).map(({ id }) => id);
    this.#outbox.tell(seat, { you: { server, nodes, ...(ref === undefined ? {} : { ref }) } });
  }

  #enter(member: Member): void {
    this.#exchange.join(member.id);
    for (const topic of member.topics) this.#exchange.subscribe(member.id, topic, true);
    this.#outbox.node(member.id);
    if (member.inClass) this.#outbox.parts.add('class');
  }
}
