import { useEffect } from 'react';
import type { Room } from '../../client/index.ts';
import { useChat } from '../store/hooks.ts';
import { titleOf } from './room-title.ts';

/** The title of the window: how many messages wait, where one is, and in which workspace. */
export const useTitle = (room: Room | null): void => {
  const workspace = useChat((state) => state.workspace);
  const title = useChat((state) => (room ? titleOf(room, state.directory.users, state.you?.id ?? '') : null));
  const unread = useChat((state) => {
    let sum = 0;
    for (const one of state.directory.rooms.values()) sum += one.joined ? one.unread : 0;
    return sum;
  });
  useEffect(() => {
    const place = [title, workspace].filter(Boolean).join(' · ');
    document.title = `${unread > 0 ? `(${unread}) ` : ''}${place || 'Estafet'}`;
  }, [title, workspace, unread]);
};
