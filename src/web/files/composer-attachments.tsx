/** What the composer of a room is given so that files go with its messages: chosen, pasted, or dropped on the room. */
import { lazy, Suspense, useEffect } from 'react';
import type { Room } from '../../client/index.ts';
import type { ComposerAttachments } from '../chat/composer.tsx';
import { useDesk } from '../chat/message-desk.ts';
import { useLatest } from '../ui/use-latest.ts';
import { AttachButton } from './attach-button.tsx';
import { useAttachments } from './use-attachments.ts';

const AttachmentTray = lazy(async () => ({ default: (await import('./attachment-tray.tsx')).AttachmentTray }));

/** Adds files to the room's next message, and says so when they were too many. */
export const useAttach = (room: Room): ((files: readonly File[]) => void) => {
  const desk = useDesk();
  const [, attachments] = useAttachments(room.id);
  return useLatest((files: readonly File[]) => {
    // What waits for its files does not wait for more of them: it is written on.
    const waiting = attachments.disarm(room.id);
    if (waiting) desk.takeBack(waiting);
    const leftOut = attachments.add(room.id, files);
    desk.notice.set(leftOut > 0 ? { tone: 'problem', code: 'too-many-files' } : null);
  });
};

/** A dialog over the page has the keyboard, and what is pasted there is its own. */
const isCovered = (): boolean => document.querySelector('[role="dialog"], [role="alertdialog"]') !== null;

/** What is needed once a file is chosen: fetched while a server that has it is up. */
const prefetch = (): void => {
  const parts = [import('./attachment-tray.tsx'), import('./upload.ts'), import('./lightbox.tsx')];
  for (const part of parts) part.catch(() => undefined);
};
const prefetchAfterMs = 3_000;

export const useComposerAttachments = (room: Room): ComposerAttachments => {
  const attach = useAttach(room);
  const [{ list, armed }, attachments] = useAttachments(room.id);

  useEffect(() => {
    const timer = setTimeout(prefetch, prefetchAfterMs);
    return () => clearTimeout(timer);
  }, []);

  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0 || isCovered()) return;
      event.preventDefault();
      attach(files);
    };
    addEventListener('paste', onPaste);
    return () => removeEventListener('paste', onPaste);
  }, [attach]);

  return {
    attached: list.length > 0 && armed === null,
    tray:
      list.length === 0 ? null : (
        <Suspense fallback={null}>
          <AttachmentTray room={room.id} />
        </Suspense>
      ),
    button: <AttachButton onFiles={attach} />,
    send: (text, replyTo) => attachments.send(room.id, { text, replyTo }),
  };
};
