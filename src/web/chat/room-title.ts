/** What a room is called: `#name`, or the names of the people that one talks with. */
import type { Room, User } from '../../client/index.ts';
import { useChat } from '../store/hooks.ts';

type Titled = Pick<Room, 'name' | 'access' | 'with'>;

/** Who else is in a conversation between people; whoever is alone in it talks with oneself. */
export const othersIn = (room: Pick<Room, 'with'>, you: string): readonly string[] => {
  const others = (room.with ?? []).filter((id) => id !== you);
  return others.length > 0 ? others : [you];
};

export const titleOf = (room: Titled, users: ReadonlyMap<string, User>, you: string): string => {
  if (room.access !== 'direct') return `#${room.name}`;
  return othersIn(room, you)
    .map((id) => users.get(id)?.name ?? '…')
    .join(', ');
};

/** The title of a room, as this person sees it. */
export const useRoomTitle = (room: Titled): string =>
  useChat((state) => titleOf(room, state.directory.users, state.you?.id ?? ''));
