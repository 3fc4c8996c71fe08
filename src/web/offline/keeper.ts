/**
 * Keeps what this page knows on the device, soon after it changed, and forgets it when the person leaves. Only a page that
 * is looked at writes, so that several do not write over each other all the time; one that is left writes a last time.
 */
import { newCommandId } from '../../client/index.ts';
import { readSetting, writeSetting } from '../app/settings.ts';
import type { ChatStore } from '../store/chat-store.ts';
import type { ChatState } from '../store/state.ts';
import type { Cache } from './cache.ts';
import { type Moment, partsOf } from './snapshot.ts';

const saveAfterMs = 1_000;

/** Whether the second state has something to keep that the first had not. */
const differs = (a: ChatState | undefined, b: ChatState): boolean =>
  a?.directory !== b.directory || a.timelines !== b.timelines || a.members !== b.members || a.you !== b.you;

/** Keeps the store's state in the cache, as long as the page lives. */
export const keep = (store: ChatStore, cache: Cache): void => {
  const writer = newCommandId();
  let saved: Moment | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let busy = false;
  /** The device is full, say: what is there would be of another time, and is better not there. */
  let broken = false;
  /** Who is here; null when nobody is, and undefined until it is known. */
  let here: string | null | undefined;

  const drop = async (): Promise<void> => {
    saved = null;
    await cache.clear().catch(() => {});
  };

  const save = async (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    // In another tab the person may have left just now.
    if (busy || broken || here === null || readSetting('person') !== here) return;
    const now = store.moment();
    if (now.state.phase !== 'ready' || !differs(saved?.state, now.state)) return;
    busy = true;
    try {
      await cache.write(writer, (whole) => partsOf(now, whole ? null : saved, writer));
      saved = now;
    } catch {
      broken = true;
      await drop();
    } finally {
      busy = false;
    }
    look();
  };

  const look = (): void => {
    const { state } = store;
    if (state.phase === 'signed-out') {
      if (here === null) return;
      here = null;
      writeSetting('person', null);
      void drop();
      return;
    }
    if (state.you !== null && state.you.id !== here) {
      here = state.you.id;
      writeSetting('person', here);
    }
    if (timer !== null || busy || document.visibilityState === 'hidden' || !differs(saved?.state, state)) return;
    timer = setTimeout(() => void save(), saveAfterMs);
  };

  store.subscribe(look);
  document.addEventListener('visibilitychange', () => (document.visibilityState === 'hidden' ? void save() : look()));
  addEventListener('pagehide', () => void save());
  look();
};
