import { lazy, Suspense, useEffect } from 'react';
import { loadMessageFiles } from './message-attachments.tsx';
import { useDesk, usePart } from './message-desk.ts';

const load = () => import('./message-dialogs.tsx');
const MessageDialogs = lazy(async () => ({ default: (await load()).MessageDialogs }));

/** The place of what opens from messages: it comes after the page, while the server that has it is up. */
export const MessageDialogHost = () => {
  const desk = useDesk();
  const open = usePart(desk.dialog, (dialog) => dialog !== null);
  useEffect(() => {
    void Promise.allSettled([load(), loadMessageFiles()]);
  }, []);
  if (!open) return null;
  return (
    <Suspense fallback={null}>
      <MessageDialogs />
    </Suspense>
  );
};
