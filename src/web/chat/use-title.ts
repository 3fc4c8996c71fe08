import { useEffect } from 'react';
import { useChat } from '../store/hooks.ts';

/** The title of the window: how many messages wait, where one is, and in which workspace. */
export const useTitle = (room: string | null): void => {
  const workspace = useChat((state) => state.workspace);
  const unread = useChat((state) => {
    let sum = 0;
    for (const one of state.directory.rooms.values()) sum += one.joined ? one.unread : 0;
    return sum;
  });
  useEffect(() => {
    const place = [room ? `#${room}` : null, workspace].filter(Boolean).join(' · ');
    document.title = `${unread > 0 ? `(${unread}) ` : ''}${place || 'Estafet'}`;
  }, [room, workspace, unread]);
};
