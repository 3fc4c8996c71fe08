/** Who is there: the lab's nodes, each of one socket, with names that nobody shares. */
import type { LabNode } from '../../../protocol/index.ts';
import type { EdgeLimits } from '../../options.ts';
import { Refused } from './refused.ts';
import type { Seat, Speaker } from './seat.ts';

export interface Member {
  readonly id: string;
  readonly user: string;
  readonly topics: Set<string>;
  readonly joinedAt: number;
  name: string;
  seat: Seat;
  server: string;
  inClass: boolean;
}

/** What people would take for the same name. */
const folded = (name: string): string => name.normalize('NFKC').toLocaleLowerCase('en');
const visible = /[^\p{C}\p{Z}\p{M}]/u;
/** Line breaks and the like would break the lines in which the name is shown. */
const tidied = (name: string): string => name.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();

export class Nodes {
  readonly #limits: EdgeLimits;
  readonly #members = new Map<string, Member>();
  readonly #byName = new Map<string, Member>();
  readonly #bySeat = new Map<Seat, Set<Member>>();
  /** Who has left, the newest: who comes again has their topics and their place in the class. */
  readonly #gone = new Map<string, Pick<LabNode, 'user' | 'topics' | 'inClass'>>();

  constructor(limits: EdgeLimits) {
    this.#limits = limits;
  }

  get hasRoom(): boolean {
    return this.#members.size < this.#limits.labNodesMax;
  }

  all(): IterableIterator<Member> {
    return this.#members.values();
  }

  get(id: string): Member | undefined {
    return this.#members.get(id);
  }

  /** What the node is called; of one that has gone, its id. */
  name(id: string): string {
    return this.#members.get(id)?.name ?? id;
  }

  of(seat: Seat): readonly Member[] {
    return [...(this.#bySeat.get(seat) ?? [])];
  }

  /** The node, when it is this socket's. Throws what speaks against it. */
  own(id: string, seat: Seat): Member {
    const member = this.#members.get(id);
    if (member === undefined) throw new Refused('no-such-node');
    if (member.seat !== seat) throw new Refused('not-your-node');
    return member;
  }

  /**
   * A socket is a node from now on. One that is there already, of the same person, is this socket’s from now on: its page
   * has come again before anybody missed it. Throws what speaks against it.
   */
  join({ seat, server, user }: Speaker, id: string, given: string, nowMs: number): Member {
    const name = tidied(given);
    if (!visible.test(name)) throw new Refused('name-invalid');
    const known = this.#members.get(id);
    if (known !== undefined && known.user !== user) throw new Refused('not-your-node');
    const namesake = this.#byName.get(folded(name));
    if (namesake !== undefined && namesake !== known) throw new Refused('name-taken');
    if (known?.seat !== seat && this.of(seat).length >= this.#limits.labNodesPerSocketMax) {
      throw new Refused('too-many-nodes');
    }
    if (known === undefined) {
      if (!this.hasRoom) throw new Refused('too-many-nodes');
      const before = this.#gone.get(id);
      if (before !== undefined && before.user !== user) throw new Refused('not-your-node');
      const { topics, inClass } = before ?? { topics: [], inClass: false };
      return this.restore({ id, name, user, server, joinedAt: nowMs, topics, inClass }, seat);
    }
    this.#forgetPlace(known);
    known.name = name;
    known.seat = seat;
    known.server = server;
    this.#rememberPlace(known);
    return known;
  }

  /** A node as another server knew it. Its name must be free. */
  restore({ topics, ...node }: LabNode, seat: Seat): Member {
    const member: Member = { ...node, seat, topics: new Set(topics) };
    this.#gone.delete(member.id);
    this.#members.set(member.id, member);
    this.#rememberPlace(member);
    return member;
  }

  isFree(name: string): boolean {
    return !this.#byName.has(folded(name));
  }

  leave(member: Member): void {
    this.#members.delete(member.id);
    this.#forgetPlace(member);
    this.remember(nodeView(member));
  }

  /** Of a node that is not there: what it has when it comes again. */
  remember({ id, user, topics, inClass }: LabNode): void {
    this.#gone.set(id, { user, topics, inClass });
    if (this.#gone.size > this.#limits.labNodesMax) this.#gone.delete(this.#gone.keys().next().value!);
  }

  /** There is no class any more to come back to. */
  forgetClass(): void {
    for (const [id, gone] of this.#gone) this.#gone.set(id, { ...gone, inClass: false });
  }

  /** Throws when it has as many topics as it can. */
  subscribe(member: Member, topic: string, on: boolean): void {
    if (on && !member.topics.has(topic) && member.topics.size >= this.#limits.labTopicsPerNodeMax) {
      throw new Refused('too-many-topics');
    }
    if (on) member.topics.add(topic);
    else member.topics.delete(topic);
  }

  #rememberPlace(member: Member): void {
    this.#byName.set(folded(member.name), member);
    const seated = this.#bySeat.get(member.seat);
    if (seated === undefined) this.#bySeat.set(member.seat, new Set([member]));
    else seated.add(member);
  }

  #forgetPlace(member: Member): void {
    this.#byName.delete(folded(member.name));
    const seated = this.#bySeat.get(member.seat);
    seated?.delete(member);
    if (seated?.size === 0) this.#bySeat.delete(member.seat);
  }
}

/** A node as everybody sees it. */
export const nodeView = ({ id, name, user, server, joinedAt, topics, inClass }: Member): LabNode => ({
  id,
  name,
  user,
  server,
  joinedAt,
  topics: [...topics],
  inClass,
});
