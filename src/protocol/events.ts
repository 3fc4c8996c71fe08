/**
 * Events: what a command that took effect tells the clients. Each belongs to one log index and has one audience:
 * a room's members, one person, or everybody.
 */
import type { Message, Room, User } from './views.ts';

/** A room in an event, without what differs from person to person. */
export type RoomFacts = Pick<Room, 'id' | 'name' | 'topic' | 'access' | 'createdBy' | 'createdAt'>;

/** What an event says. `index` is the index of the command that caused it. */
export type ChatEvent = { readonly index: number } & (
  | { readonly type: 'message.posted'; readonly message: Message }
  | { readonly type: 'message.edited'; readonly message: Message }
  | { readonly type: 'message.deleted'; readonly message: Message }
  | { readonly type: 'room.created'; readonly room: RoomFacts }
  | { readonly type: 'room.joined'; readonly room: RoomFacts; readonly user: User }
  | { readonly type: 'room.left'; readonly room: RoomFacts; readonly user: User }
  | { readonly type: 'user.joined'; readonly user: User }
  | { readonly type: 'user.changed'; readonly user: User }
  | { readonly type: 'read.marked'; readonly room: string; readonly readIndex: number }
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
