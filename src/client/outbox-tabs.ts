/**
 * Which pages of this origin are alive, so that an outbox knows whose commands nobody sends any more. Pages ask each
 * other through a `BroadcastChannel`; one that is frozen in the background does not answer and counts as gone, which is
 * what is wanted: its commands are then sent by a page that can, and sent again under the same ids when it wakes up.
 *
 * Not by Web Locks: those exist in secure contexts only, and a frozen page keeps them.
 */
import { limits } from '../protocol/index.ts';

type Note = { readonly ask: true } | { readonly here: string } | { readonly bye: string };

interface Channel {
  postMessage(note: Note): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  close(): void;
}

interface Page {
  readonly BroadcastChannel?: new (name: string) => Channel;
  addEventListener?(type: string, listener: () => void): void;
  removeEventListener?(type: string, listener: () => void): void;
}

const page = globalThis as unknown as Page;

/** This page among those of its origin. */
export interface Tab {
  readonly name: string;
  /** Which of these others are alive: resolves when all have answered, or when the others have had their time. */
  alive(others: ReadonlySet<string>): Promise<ReadonlySet<string>>;
  /** Says goodbye and listens no more. */
  close(): void;
}

const noteOf = (data: unknown): Note | null => (typeof data === 'object' && data !== null ? (data as Note) : null);

/** @param someoneLeft called when another page says goodbye, and when this one is looked at again */
export const openTab = (channelName: string, name: string, someoneLeft: () => void): Tab => {
  const channel = page.BroadcastChannel === undefined ? null : new page.BroadcastChannel(channelName);
  const hearing = new Set<(who: string) => void>();
  channel?.addEventListener('message', ({ data }) => {
    const note = noteOf(data);
    if (note === null) return;
    if ('ask' in note) channel.postMessage({ here: name });
    else if ('here' in note) for (const hear of hearing) hear(note.here);
    else if ('bye' in note) someoneLeft();
  });
  const goodbye = (): void => channel?.postMessage({ bye: name });
  page.addEventListener?.('pagehide', goodbye);
  page.addEventListener?.('pageshow', someoneLeft);
  page.addEventListener?.('focus', someoneLeft);

  return {
    name,
    alive: (others) =>
      new Promise((resolve) => {
        const alive = new Set<string>();
        if (channel === null || others.size === 0) return resolve(alive);
        const end = (): void => {
          clearTimeout(timer);
          hearing.delete(hear);
          resolve(alive);
        };
        const hear = (who: string): void => {
          if (others.has(who)) alive.add(who);
          if (alive.size === others.size) end();
        };
        const timer = setTimeout(end, limits.clientTabAnswerMs);
        hearing.add(hear);
        channel.postMessage({ ask: true });
      }),
    close: () => {
      page.removeEventListener?.('pagehide', goodbye);
      page.removeEventListener?.('pageshow', someoneLeft);
      page.removeEventListener?.('focus', someoneLeft);
      goodbye();
      channel?.close();
    },
  };
};
