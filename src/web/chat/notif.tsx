import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useChat, useStore } from '../store/hooks.ts';
import { markIcon } from './notif-icon.ts';
import { holdLook, tellOfMessages } from './notif-listener.ts';
import { waitingIn } from './notif-rules.ts';

const isVisible = (): boolean => document.visibilityState === 'visible';

/** Draws nothing: tells of messages while nobody looks at their room, and marks the page's icon. */
export const Notifications = ({ room }: { readonly room: string | null }) => {
  const { t } = useTranslation();
  const store = useStore();
  const [visible, setVisible] = useState(isVisible);
  useEffect(() => {
    const look = () => setVisible(isVisible());
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  useEffect(() => {
    return visible && room !== null ? holdLook(room) : undefined;
  }, [visible, room]);
  useEffect(() => tellOfMessages(store, t), [store, t]);
  const rooms = useChat((state) => state.directory.rooms);
  useEffect(() => markIcon(waitingIn(rooms)), [rooms]);
  return null;
};
