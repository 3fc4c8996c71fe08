import { useEffect } from 'react';
import type { Room } from '../../client/index.ts';
import { useChat } from '../store/hooks.ts';
import { titleMark, waitingIn } from './notif-rules.ts';
import { titleOf } from './room-title.ts';

/** The title of the window: what waits, where one is, and in which workspace. */
export const useTitle = (room: Room | null): void => {
  const workspace = useChat((state) => state.workspace);
  const title = useChat((state) => (room ? titleOf(room, state.directory.users, state.you?.id ?? '') : null));
  const mark = useChat((state) => titleMark(waitingIn(state.directory.rooms)));
  useEffect(() => {
    const place = [title, workspace].filter(Boolean).join(' · ');
    document.title = `${mark}${place || 'Estafet'}`;
  }, [title, workspace, mark]);
};
