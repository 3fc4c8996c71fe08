/** What can be done with a room, and heard of it. */
import type {
  ChatEvent,
  Member,
  Message,
  MessagePage,
  NotifyLevel,
  Room,
  RoomFacts,
  User,
  Wording,
} from '../protocol/index.ts';
import type { Result, Sent, Typing, Unsubscribe } from './common-types.ts';

/** An event of one type. */
type EventOf<T extends ChatEvent['type']> = Extract<ChatEvent, { readonly type: T }>;

/** What `room.on` can listen to, and what a handler gets. */
export interface RoomSignals {
  readonly message: Message;
  readonly edited: Message;
  readonly deleted: Message;
  /** Somebody reacted to a message, or took it back (`on` is false then); `count` is how many have reacted so now. */
  readonly reacted: EventOf<'message.reacted'>;
  /** A message was pinned or its pin taken out: `pinned` in it says which. */
  readonly pinned: Message;
  /** The room's name, its topic, or whether it is archived. */
  readonly changed: RoomFacts;
  readonly joined: User;
  readonly left: User;
  /** Somebody has read up to `readIndex`: in a room of many people, only oneself. */
  readonly read: EventOf<'read.marked'>;
  /** Of what in the room one wants to be notified, as one has said elsewhere perhaps. */
  readonly notified: NotifyLevel;
  readonly typing: Typing;
}

/** Where a page of history begins. At most one of `before`, `after` and `around`. */
export interface HistoryQuery {
  /** The newest messages before this index. */
  readonly before?: number;
  /** The oldest messages after this index. */
  readonly after?: number;
  /** Half of the page before this index, and half from it on; the page's `newer` then goes on. */
  readonly around?: number;
  /** 1 to `limits.pageMaxMessages`. */
  readonly limit?: number;
}

export interface SendOptions {
  /** The message's id, made with `chat.newId()`: to show it before it is committed, or to send it again. */
  readonly id?: string;
  /** The message that this one answers. */
  readonly replyTo?: string;
  /** Ids of files uploaded before; the text may then be empty. */
  readonly files?: readonly string[];
}

/**
 * A room, by its id or its name. Holding one costs nothing, and says nothing about whether the room exists. Whatever is
 * done with it is a command like any other: it resolves when it is committed, and rejects with the code of the refusal.
 */
export interface RoomHandle {
  readonly ref: string;
  on<K extends keyof RoomSignals>(name: K, handler: (value: RoomSignals[K]) => void): Unsubscribe;

  /** The room itself, as this person sees it. */
  info(): Promise<Room>;
  /** A page of messages, oldest first: the newest page without a cursor, ascending with `after`. */
  history(query?: HistoryQuery): Promise<MessagePage>;
  /** Who is in it, and up to where each has read. */
  members(): Promise<readonly Member[]>;
  /** Its pinned messages, the newest pin first. */
  pins(): Promise<readonly Message[]>;

  /** Posts a message. */
  send(text: string, options?: SendOptions): Promise<Sent>;
  /** Changes a message of one's own. */
  edit(message: string, text: string): Promise<Result>;
  /** Deletes a message: one's own, or as owner or admin anybody's. */
  delete(message: string): Promise<Result>;
  react(message: string, emoji: string): Promise<Result>;
  /** Takes one's reaction back. */
  unreact(message: string, emoji: string): Promise<Result>;
  pin(message: string): Promise<Result>;
  unpin(message: string): Promise<Result>;
  /** What a message said before it was changed, the oldest first. */
  wordings(message: string): Promise<readonly Wording[]>;
  /** The messages that answer a message, oldest first. */
  replies(message: string): Promise<readonly Message[]>;

  /** Tells the others, best effort, that one is typing. At most one a second leaves. */
  typing(): void;
  /** Says that everything up to `index` has been read. Never moves back. */
  markRead(index: number): Promise<Result>;
  join(): Promise<Result>;
  leave(): Promise<Result>;
  /** Brings somebody in, by their id. */
  invite(user: string): Promise<Result>;
  /** Takes somebody out, by their id. */
  remove(user: string): Promise<Result>;
  /** Gives the room another name, or another topic. */
  change(facts: { readonly name?: string; readonly topic?: string }): Promise<Result>;
  /** Archives the room, or with `false` takes it back. */
  archive(archived?: boolean): Promise<Result>;
  /** Of what in the room one wants to be notified. */
  setNotify(level: NotifyLevel): Promise<Result>;
}
