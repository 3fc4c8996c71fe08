/**
 * The kinds of commands that the load is made of, and how each is made up, sent and remembered. A new kind of command is
 * one entry in this table, and a rule in the checker's (`checker/rules.ts`).
 */
import { type ClientCommandKind, type CommandBody, newCommandId } from '../../protocol/index.ts';
import type { Effect } from '../checker/index.ts';
import type { Actor } from './actor.ts';
import { factsOf } from './events.ts';

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

const create: Kind = {
  weight: 2,
  plan: (actor) => {
    if (!actor.rooms.reserve()) return null;
    const id = newCommandId();
    const [name, topic] = [`made-${id.slice(-12)}`, `by ${actor.name}`];
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

/** What the load does, and how often. Ending one's session is left out: the run needs it. */
export const kinds: Readonly<Partial<Record<ClientCommandKind, Kind>>> = {
  'message.post': post,
  'message.edit': edit,
  'message.delete': remove,
  'room.create': create,
  'room.join': door(true),
  'room.leave': door(false),
  'read.mark': mark,
};

/** Each kind as often as its weight. */
const urn: readonly Kind[] = Object.values(kinds).flatMap((kind) => new Array<Kind>(kind.weight).fill(kind));

/** The next command of a client: of any kind, by weight, or a message when there is nothing to do that to. */
export const planNext = (actor: Actor): Planned => actor.random.pick(urn).plan(actor) ?? post.plan(actor)!;
