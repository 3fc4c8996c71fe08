/**
 * Events: what a command that took effect tells the clients. Each belongs to one log index and has one audience:
 * a room's members, one person, or everybody.
 */
import type { NotifyLevel } from './commands.ts';
import type { Message, Room, User } from './views.ts';

/** A room in an event, without what differs from person to person. */
export type RoomFacts = Pick<
  Room,
  'id' | 'name' | 'topic' | 'access' | 'archived' | 'with' | 'createdBy' | 'createdAt'
>;

/** What an event says. `index` is the index of the command that caused it. */
export type ChatEvent = { readonly index: number } & (
  | { readonly type: 'message.posted'; readonly message: Message }
  | { readonly type: 'message.edited'; readonly message: Message }
  | { readonly type: 'message.deleted'; readonly message: Message }
  /** `count` is how many have reacted so, with this one. */
  | {
      readonly type: 'message.reacted';
      readonly room: string;
      readonly messageId: string;
      readonly emoji: string;
      readonly user: string;
      readonly on: boolean;
      readonly count: number;
    }
  /** A message was pinned or its pin taken out: `message.pinned` says which. */
  | { readonly type: 'message.pinned'; readonly message: Message }
  | { readonly type: 'room.created'; readonly room: RoomFacts }
  /** Its name, its topic, or whether it is archived. */
  | { readonly type: 'room.changed'; readonly room: RoomFacts }
  | { readonly type: 'room.notified'; readonly room: string; readonly level: NotifyLevel }
  | { readonly type: 'room.joined'; readonly room: RoomFacts; readonly user: User }
  | { readonly type: 'room.left'; readonly room: RoomFacts; readonly user: User }
  | { readonly type: 'user.joined'; readonly user: User }
  | { readonly type: 'user.changed'; readonly user: User }
  /** Somebody has read up to here: told to the room while it is small, else only to the one who has. */
  | { readonly type: 'read.marked'; readonly room: string; readonly user: string; readonly readIndex: number }
);

/** Who gets an event: the members of a room, one person, or everybody in the workspace. */
export type Audience =
  | { readonly to: 'room'; readonly room: string }
  | { readonly to: 'user'; readonly user: string }
  | { readonly to: 'all' };

export interface AddressedEvent {
  readonly audience: Audience;
  readonly event: ChatEvent;
}
