/**
 * Histories for testing the checker: a plan, which is plain random numbers, becomes a correct history, as a perfect
 * cluster would have produced it. Used by tests only.
 */
import {
  type Effect,
  type EffectType,
  type Entry,
  type History,
  type Operation,
  peopleKey,
  peopleOf,
  type Read,
  type ServerContent,
  type ServerHistory,
  type Shown,
} from './history.ts';

/** One operation of a plan. Times count in steps; numbers are taken modulo what there is. */
export interface Step {
  readonly client: number;
  readonly server: number;
  readonly room: number;
  readonly kind: EffectType;
  /** Which message is edited or deleted. */
  readonly target: number;
  /** Steps between the invocation and the commit, and between the commit and the answer. */
  readonly commitDelay: number;
  readonly answerDelay: number;
  readonly fate: 'acknowledged' | 'refused' | 'unknown-done' | 'unknown-not-done';
  /** Whether the client then reads the room on that server. */
  readonly reads: boolean;
}

export interface Plan {
  readonly steps: readonly Step[];
  readonly servers: number;
  readonly clients: number;
  readonly rooms: number;
}

interface Message {
  readonly id: string;
  readonly index: number;
  readonly room: string;
  content: string | null;
  readonly attached: Set<string>;
}

interface Room {
  readonly id: string;
  content: string;
  readonly messages: Message[];
  /** Read position by person. */
  readonly members: Map<string, number>;
}

const pageLimit = 5;

/** What a perfect cluster holds, and what it tells. */
class World {
  readonly rooms: Room[] = [];
  readonly messages: Message[] = [];
  readonly entries: Entry[] = [];
  readonly told = new Map<string, Entry[]>();
  /** Where each was opened. */
  readonly conversations = new Map<string, number>();
  readonly #roomById = new Map<string, Room>();
  readonly #messageById = new Map<string, Message>();
  index = 0;

  /** What a step would do now. */
  effectOf(step: Step, person: string, id: string): Effect {
    const room = this.rooms[step.room % this.rooms.length];
    const effect = { room: room?.id ?? id, subject: person, content: '' };
    const target = this.messages[step.target % Math.max(1, this.messages.length)];
    switch (step.kind) {
      case 'created':
        return { ...effect, type: 'created', room: `room ${id}`, content: `name of ${id}` };
      case 'edited':
      case 'deleted':
        if (target === undefined) break;
        return {
          type: step.kind,
          room: target.room,
          subject: target.id,
          content: step.kind === 'edited' ? `text of ${id}` : '',
        };
      case 'attached': {
        if (target === undefined) break;
        const content = step.target % 3 === 0 ? 'pin' : `👍 of ${person}`;
        return { type: 'attached', room: target.room, subject: target.id, content };
      }
      case 'detached': {
        const having = this.messages.filter(({ attached }) => attached.size > 0);
        const from = having[step.target % Math.max(1, having.length)];
        if (from !== undefined) {
          return { type: 'detached', room: from.room, subject: from.id, content: [...from.attached][0]! };
        }
        if (target === undefined) break;
        return { type: 'attached', room: target.room, subject: target.id, content: 'pin' };
      }
      case 'changed':
        if (room === undefined) break;
        return { type: 'changed', room: room.id, subject: room.id, content: `name ${step.target % 4}` };
      case 'opened': {
        const all = [...this.told.keys()];
        const key = peopleKey([person, all[step.target % all.length]!]);
        return { type: 'opened', room: key, subject: key, content: '' };
      }
      case 'joined':
      case 'left':
        return { ...effect, type: step.kind };
      case 'marked':
        return { ...effect, type: 'marked', content: String(Math.max(0, this.index - (step.target % 5))) };
      case 'posted':
        break;
    }
    return { type: 'posted', room: effect.room, subject: id, content: `text of ${id}` };
  }

  /** Does it. Returns the index, or null when it is refused. */
  apply(effect: Effect, person: string): number | null {
    if (effect.type === 'opened') return this.#open(effect);
    const room = this.#roomById.get(effect.room);
    const isIn = room?.members.has(person) ?? false;
    const message = this.#messageById.get(effect.subject);
    if (effect.type !== 'created' && room === undefined) return null;
    if (message?.content === null) return null;
    if (effect.type !== 'created' && effect.type !== 'joined' && !isIn) return null;
    // Indices have holes, as in the log, where an epoch begins.
    this.index += 1 + (this.index % 3);
    const entry: Entry = { ...effect, index: this.index };
    if (effect.type === 'created') this.#create(entry, person);
    else this.#change(entry, room!, message, isIn);
    return this.index;
  }

  #open(effect: Effect): number {
    this.index += 1 + (this.index % 3);
    if (this.conversations.has(effect.subject)) return this.index;
    this.conversations.set(effect.subject, this.index);
    const entry: Entry = { ...effect, index: this.index };
    this.entries.push(entry);
    for (const person of peopleOf(effect.subject)) this.told.get(person)?.push(entry);
    return this.index;
  }

  #create(entry: Entry, person: string): void {
    const members = new Map([[person, entry.index]]);
    const room: Room = { id: entry.room, content: entry.content, messages: [], members };
    this.rooms.push(room);
    this.#roomById.set(room.id, room);
    this.entries.push(entry);
    for (const own of this.told.values()) own.push(entry);
    this.told.get(person)?.push({ ...entry, type: 'joined', content: '' });
  }

  #change(entry: Entry, room: Room, message: Message | undefined, isIn: boolean): void {
    const { type, subject, index, content } = entry;
    if (type === 'marked') {
      if (Number(content) <= room.members.get(subject)!) return;
      room.members.set(subject, Number(content));
      this.told.get(subject)?.push(entry);
      return;
    }
    if (type === 'joined' && isIn) return;
    if (type === 'attached' && message!.attached.has(content)) return;
    if (type === 'detached' && !message!.attached.delete(content)) return;
    if (type === 'attached') message!.attached.add(content);
    if (type === 'changed') {
      if (room.content === content) return;
      room.content = content;
      this.entries.push(entry);
      for (const own of this.told.values()) own.push(entry);
      return;
    }
    if (type === 'joined') room.members.set(subject, index);
    const audience = [...room.members.keys()];
    if (type === 'left') room.members.delete(subject);
    if (type === 'edited') message!.content = content;
    if (type === 'deleted') {
      message!.content = null;
      message!.attached.clear();
    }
    if (type === 'posted') {
      const posted = { id: subject, index, room: room.id, content, attached: new Set<string>() };
      room.messages.push(posted);
      this.messages.push(posted);
      this.#messageById.set(posted.id, posted);
    }
    this.entries.push(entry);
    for (const person of audience) this.told.get(person)?.push(entry);
  }
}

const shown = ({ id, index, content }: Message): Shown => ({ id, index, content });
const shownWhole = (message: Message): Shown => ({ ...shown(message), attached: [...message.attached].sort() });

const contentOn = (server: string, { rooms, conversations }: World): ServerContent => ({
  server,
  messages: new Map(rooms.map(({ id, messages }) => [id, messages.map(shownWhole)])),
  rooms: [
    ...rooms.map(({ id, content, members }) => ({ id, content, members: members.size })),
    ...[...conversations.keys()].map((id) => ({ id, content: '', members: peopleOf(id).length })),
  ],
  members: [
    ...rooms.flatMap(({ id: room, members }) =>
      [...members].map(([person, readIndex]) => ({ person, room, readIndex })),
    ),
    ...[...conversations].flatMap(([room, readIndex]) => peopleOf(room).map((person) => ({ person, room, readIndex }))),
  ],
});

/** Something that happens at a moment: a commit, or a read. */
interface Happening {
  readonly at: number;
  readonly happen: () => void;
}

/** A correct history of this plan. All clients are in the first rooms from the start, and listen to the end. */
export const correctHistory = (plan: Plan): History => {
  const world = new World();
  const operations: Operation[] = [];
  const reads: Read[] = [];
  const clients = Array.from({ length: plan.clients }, (_, at) => `client-${at}`);
  const servers = Array.from({ length: plan.servers }, (_, at) => `s${at + 1}`);
  for (const client of clients) world.told.set(client, []);

  const begin = (effect: Effect, client: string): void => {
    const at = operations.length - plan.rooms * (plan.clients + 1) - 1;
    const index = world.apply(effect, client)!;
    const outcome = { type: 'acknowledged', index } as const;
    const times = { invokedAt: at, completedAt: at + 0.5 };
    operations.push({ client, server: 's1', id: `begin-${operations.length}`, effect, ...times, outcome });
  };
  for (let at = 0; at < plan.rooms; at++) {
    begin({ type: 'created', room: `room-${at}`, subject: clients[0]!, content: `name ${at}` }, clients[0]!);
    for (const client of clients.slice(1)) {
      begin({ type: 'joined', room: `room-${at}`, subject: client, content: '' }, client);
    }
  }

  const read = (client: string, server: string, room: Room, at: number): void => {
    const look = { client, server, room: room.id, invokedAt: at, completedAt: at + 0.0625 };
    const messages = room.messages.slice(-pageLimit).map(shown);
    reads.push({ ...look, what: 'page', applied: 0, limit: pageLimit, messages });
    const joined = room.members.has(client);
    reads.push({ ...look, what: 'room', applied: world.index, members: room.members.size, joined });
  };

  const happenings: Happening[] = [];
  for (const [at, step] of plan.steps.entries()) {
    const client = clients[step.client % clients.length]!;
    const server = servers[step.server % servers.length]!;
    const id = `op-${at}`;
    const invokedAt = at * 2;
    const committedAt = invokedAt + step.commitDelay + 0.5;
    const completedAt = committedAt + step.answerDelay + 0.25;
    const commit = (): void => {
      const effect = world.effectOf(step, client, id);
      const of = { client, id, effect, invokedAt };
      const isDone = step.fate === 'acknowledged' || step.fate === 'unknown-done';
      const index = isDone ? world.apply(effect, client) : null;
      if (step.fate === 'unknown-done' || step.fate === 'unknown-not-done') {
        operations.push({ ...of, server: null, completedAt: null, outcome: { type: 'unknown' } });
      } else if (index === null) {
        operations.push({ ...of, server, completedAt, outcome: { type: 'refused', code: 'not-a-member' } });
      } else {
        operations.push({ ...of, server, completedAt, outcome: { type: 'acknowledged', index } });
      }
    };
    happenings.push({ at: committedAt, happen: commit });
    if (!step.reads) continue;
    const readAt = completedAt + 0.125;
    happenings.push({
      at: readAt,
      happen: () => read(client, server, world.rooms[step.room % world.rooms.length]!, readAt),
    });
  }
  for (const { happen } of happenings.sort((a, b) => a.at - b.at)) happen();

  const after = 0;
  const upto = world.index;
  return {
    operations,
    reads,
    losses: [],
    streams: clients.map((client) => ({ client, after, upto, received: world.told.get(client)! })),
    servers: servers.map((server): ServerHistory => ({ server, entries: world.entries })),
    contents: servers.map((server) => contentOn(server, world)),
  };
};
