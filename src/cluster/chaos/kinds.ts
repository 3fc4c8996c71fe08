/**
 * The kinds of commands that the load is made of, and how each is made up, sent and remembered. A new kind of command is
 * one entry in this table, and a rule in the checker's (`checker/rules.ts`).
 */
import { type ClientCommandKind, type CommandBody, limits, newCommandId } from '../../protocol/index.ts';
import { type Effect, peopleKey } from '../checker/index.ts';
import type { Actor } from './actor.ts';
import { factsOf, pinned, reactionOf } from './events.ts';

/** A command that is about to be sent. */
export interface Planned {
  readonly id: string;
  readonly kind: ClientCommandKind;
  readonly body: CommandBody<ClientCommandKind>;
  readonly effect: Effect;
  readonly http: Http;
  /** It was acknowledged. */
  readonly done?: (index: number) => void;
  /** It has its answer, or will get none. */
  readonly ended?: () => void;
}

/** How it goes over HTTP. */
export interface Http {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** Whether the address takes the command's id: only then is a second attempt the same command. */
  readonly takesId: boolean;
  /** Without an id: how a second attempt is refused when the first one, though unanswered, was done. */
  readonly doneCode?: string;
}

interface Kind {
  /** How often, beside the others. */
  readonly weight: number;
  /** Makes one up; null when there is nothing to do it to. */
  readonly plan: (actor: Actor) => Planned | null;
}

const post: Kind = {
  weight: 60,
  plan: (actor) => {
    const room = actor.someRoom();
    const [id, text] = [newCommandId(), actor.recorder.newText(actor.name)];
    return {
      id,
      kind: 'message.post',
      body: { room, text },
      effect: { type: 'posted', room, subject: id, content: text },
      http: { method: 'POST', path: `/rooms/${room}/messages`, body: { id, text }, takesId: true },
      done: (index) => actor.remember({ id, room, index, uses: 0 }),
      ended: actor.using(room),
    };
  },
};

const edit: Kind = {
  weight: 16,
  plan: (actor) => {
    const own = actor.someMessage(() => true);
    if (own === null) return null;
    const [id, text] = [newCommandId(), actor.recorder.newText(actor.name)];
    const release = actor.using(own.room);
    own.uses++;
    return {
      id,
      kind: 'message.edit',
      body: { message: own.id, text },
      effect: { type: 'edited', room: own.room, subject: own.id, content: text },
      http: { method: 'PATCH', path: `/messages/${own.id}`, body: { id, text }, takesId: true },
      ended: () => {
        own.uses--;
        release();
      },
    };
  },
};

const remove: Kind = {
  weight: 6,
  plan: (actor) => {
    const own = actor.someMessage(({ uses }) => uses === 0);
    if (own === null) return null;
    actor.forget(own);
    return {
      id: newCommandId(),
      kind: 'message.delete',
      body: { message: own.id },
      effect: { type: 'deleted', room: own.room, subject: own.id, content: '' },
      http: { method: 'DELETE', path: `/messages/${own.id}`, takesId: false, doneCode: 'message-deleted' },
      ended: actor.using(own.room),
    };
  },
};

/** The name of a room that the load makes. */
const madeName = (id: string): string => `made-${id.slice(-12)}`;

const create: Kind = {
  weight: 2,
  plan: (actor) => {
    if (!actor.rooms.reserve()) return null;
    const id = newCommandId();
    const [name, topic] = [madeName(id), `by ${actor.name}`];
    return {
      id,
      kind: 'room.create',
      body: { name, topic },
      effect: { type: 'created', room: id, subject: actor.name, content: factsOf(name, topic) },
      http: { method: 'POST', path: '/rooms', body: { id, name, topic }, takesId: true },
      done: () => {
        actor.moved(id, true);
        actor.rooms.opened(id);
      },
    };
  },
};

/** Entering a room, and leaving it. When it is not known whether one has, the room is not touched again. */
const door = (isIn: boolean): Kind => ({
  weight: 4,
  plan: (actor) => {
    const room = actor.someDoor(!isIn);
    if (room === null) return null;
    actor.moving(room);
    return {
      id: newCommandId(),
      kind: isIn ? 'room.join' : 'room.leave',
      body: { room },
      effect: { type: isIn ? 'joined' : 'left', room, subject: actor.name, content: '' },
      http: {
        method: 'POST',
        path: `/rooms/${room}/${isIn ? 'join' : 'leave'}`,
        body: {},
        takesId: false,
        ...(isIn ? {} : { doneCode: 'not-a-member' }),
      },
      done: () => actor.moved(room, isIn),
    };
  },
});

const mark: Kind = {
  weight: 8,
  plan: (actor) => {
    const own = actor.someMessage(() => true);
    if (own === null) return null;
    const { room, index } = own;
    return {
      id: newCommandId(),
      kind: 'read.mark',
      body: { room, index },
      effect: { type: 'marked', room, subject: actor.name, content: String(index) },
      http: { method: 'PUT', path: `/rooms/${room}/read`, body: { index }, takesId: false },
      ended: actor.using(room),
    };
  },
};

const emoji = ['👍', '❤️', '🎉', '👩🏽‍🚀', '🇧🇷'] as const;

/** A message to put something on: one that all know, or one's own; and what ends the use of it. */
const someTarget = (actor: Actor): { readonly id: string; readonly room: string; readonly release: () => void } => {
  const own = actor.random.next() < 0.5 ? null : actor.someMessage(() => true);
  if (own === null) return { ...actor.random.pick(actor.rooms.landmarks), release: () => undefined };
  const leave = actor.using(own.room);
  own.uses++;
  const release = (): void => {
    own.uses--;
    leave();
  };
  return { id: own.id, room: own.room, release };
};

const react: Kind = {
  weight: 16,
  plan: (actor) => {
    // Who has reacted can be asked of so many only.
    const known = actor.rooms.people.slice(0, limits.reactionPeopleMax);
    if (known.every(({ name }) => name !== actor.name)) return null;
    const { id: message, room, release } = someTarget(actor);
    const [id, one, on] = [newCommandId(), actor.random.pick(emoji), actor.random.next() < 0.6];
    return {
      id,
      kind: 'message.react',
      body: { message, emoji: one, on },
      effect: { type: on ? 'attached' : 'detached', room, subject: message, content: reactionOf(actor.name, one) },
      http: marked(`/messages/${message}/reactions/${encodeURIComponent(one)}`, id, on),
      ended: release,
    };
  },
};

const pin: Kind = {
  weight: 3,
  plan: (actor) => {
    const { id: message, room, release } = someTarget(actor);
    const [id, on] = [newCommandId(), actor.random.next() < 0.5];
    return {
      id,
      kind: 'message.pin',
      body: { message, on },
      effect: { type: on ? 'attached' : 'detached', room, subject: message, content: pinned },
      http: marked(`/messages/${message}/pin`, id, on),
      ended: release,
    };
  },
};

const marked = (path: string, id: string, on: boolean): Http => ({
  method: on ? 'PUT' : 'DELETE',
  path: `${path}?id=${id}`,
  ...(on ? { body: {} } : {}),
  takesId: true,
});

/** Another topic for a room that somebody of the load has made. */
const describeRoom: Kind = {
  weight: 2,
  plan: (actor) => {
    const room = actor.someMadeRoom();
    if (room === null) return null;
    const [id, topic] = [newCommandId(), actor.recorder.newText(actor.name).trim()];
    return {
      id,
      kind: 'room.edit',
      body: { room, topic },
      effect: { type: 'changed', room, subject: room, content: factsOf(madeName(room), topic) },
      http: { method: 'PATCH', path: `/rooms/${room}`, body: { id, topic }, takesId: true },
      ended: actor.using(room),
    };
  },
};

/** Makes a room of one's own, then archives it and takes it back, again and again. */
const archive: Kind = {
  weight: 3,
  plan: (actor) => {
    const own = actor.ownRoom;
    if (own === null) return makeOwnRoom(actor);
    if (own.isBusy) return null;
    own.isBusy = true;
    const [id, archived] = [newCommandId(), !own.isArchived];
    const content = factsOf(madeName(own.id), ownTopic, archived);
    return {
      id,
      kind: 'room.archive',
      body: { room: own.id, archived },
      effect: { type: 'changed', room: own.id, subject: own.id, content },
      http: { method: 'PATCH', path: `/rooms/${own.id}`, body: { id, archived }, takesId: true },
      done: () => {
        own.isArchived = archived;
        own.isBusy = false;
      },
    };
  },
};

const ownTopic = 'nobody else is here';

const makeOwnRoom = (actor: Actor): Planned => {
  const id = newCommandId();
  const own = { id, isArchived: false, isBusy: true };
  actor.ownRoom = own;
  const name = madeName(id);
  return {
    id,
    kind: 'room.create',
    body: { name, topic: ownTopic },
    effect: { type: 'created', room: id, subject: actor.name, content: factsOf(name, ownTopic) },
    http: { method: 'POST', path: '/rooms', body: { id, name, topic: ownTopic }, takesId: true },
    done: () => {
      own.isBusy = false;
    },
  };
};

/** Brings somebody into a room, who may be in it already, or leave it at the same time. */
const invite: Kind = {
  weight: 3,
  plan: (actor) => {
    const room = actor.someMadeRoom();
    if (room === null) return null;
    const id = newCommandId();
    const { id: user, name } = actor.random.pick(actor.rooms.people);
    if (name === actor.name) return null;
    return {
      id,
      kind: 'room.invite',
      body: { room, user },
      effect: { type: 'joined', room, subject: name, content: '' },
      http: { method: 'PUT', path: `/rooms/${room}/members/${user}`, body: { id }, takesId: true },
      ended: actor.using(room),
    };
  },
};

/** Opens the conversation of oneself, somebody and the witness: the one that there is, or a new one. */
const converse: Kind = {
  weight: 3,
  plan: (actor) => {
    const { people, witness } = actor.rooms;
    const [id, other] = [newCommandId(), actor.random.pick(people)];
    const users = [other.id, witness.id];
    const key = peopleKey([actor.name, other.name, witness.name]);
    return {
      id,
      kind: 'direct.open',
      body: { users },
      effect: { type: 'opened', room: key, subject: key, content: '' },
      http: { method: 'POST', path: '/direct', body: { id, users }, takesId: true },
    };
  },
};

/**
 * Kinds that the load leaves alone: a run needs its sessions and its people's names; the others would have what its
 * clients know of themselves decided by somebody else, or are told to nobody who could be asked later.
 */
type LeftAlone = 'session.close' | 'profile.edit' | 'user.role' | 'room.remove' | 'room.notify';

/** What the load does, and how often. */
export const kinds: Readonly<Record<Exclude<ClientCommandKind, LeftAlone>, Kind>> = {
  'message.post': post,
  'message.edit': edit,
  'message.delete': remove,
  'room.create': create,
  'room.join': door(true),
  'room.leave': door(false),
  'read.mark': mark,
  'message.react': react,
  'message.pin': pin,
  'room.edit': describeRoom,
  'room.archive': archive,
  'room.invite': invite,
  'direct.open': converse,
};

/** Each kind as often as its weight. */
const urn: readonly Kind[] = Object.values(kinds).flatMap((kind) => new Array<Kind>(kind.weight).fill(kind));

/** The next command of a client: of any kind, by weight, or a message when there is nothing to do that to. */
export const planNext = (actor: Actor): Planned => actor.random.pick(urn).plan(actor) ?? post.plan(actor)!;
