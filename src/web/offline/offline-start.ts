/**
 * Registers the service worker where the browser allows one, and notices when the servers have a newer page: asked at each
 * new connection, never by a timer. Loading the page anew is left to the person.
 */
import type { ChatStore } from '../store/chat-store.ts';
import { newVersion, offlineStart } from './device-cells.ts';

/** Which version of the page runs; empty while it is developed. */
const running = document.querySelector<HTMLMetaElement>('meta[name="estafet-version"]')?.content ?? '';

let registration: ServiceWorkerRegistration | null = null;

/** Asked again at each connection until it is done: a server may die while it gives its files. */
const register = async (): Promise<void> => {
  if (offlineStart.get() !== 'preparing') return;
  if (!isSecureContext) return offlineStart.set('insecure');
  if (!('serviceWorker' in navigator) || running === '') return offlineStart.set('refused');
  try {
    registration = await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' });
    await navigator.serviceWorker.ready;
    offlineStart.set('ready');
  } catch {
    offlineStart.set('refused');
  }
};

/** The version that the servers have, or null when none answers. */
const served = async (): Promise<string | null> => {
  try {
    const response = await fetch('/version.json', { cache: 'no-store' });
    const { version } = (await response.json()) as { version?: unknown };
    return typeof version === 'string' ? version : null;
  } catch {
    return null;
  }
};

let looking = false;

const lookForNewVersion = async (): Promise<void> => {
  if (looking || running === '' || newVersion.get()) return;
  looking = true;
  const version = await served();
  looking = false;
  if (version === null || version === running) return;
  // The new page is fetched whole beside this one before anybody is asked to take it.
  try {
    await registration?.update();
    await installed();
  } catch {
    return;
  }
  newVersion.set(true);
};

/** Resolves when a newer service worker has all its files, or when there is none to wait for. */
const installed = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const coming = registration?.installing;
    if (!coming) return resolve();
    coming.addEventListener('statechange', () => {
      if (coming.state === 'installed' || coming.state === 'activated') resolve();
      else if (coming.state === 'redundant') reject(new Error('the new version could not be fetched'));
    });
  });

/** Loads the newer page. */
export const takeNewVersion = (): void => {
  const waiting = registration?.waiting;
  if (!waiting) {
    location.reload();
    return;
  }
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  waiting.postMessage('take-over');
};

/** Begins once; the page is there already. */
export const startOffline = (store: ChatStore): void => {
  let on = false;
  const look = (): void => {
    const now = store.state.link.where.kind === 'on';
    if (now && !on) {
      void register();
      void lookForNewVersion();
    }
    on = now;
  };
  if (!isSecureContext || navigator.serviceWorker?.controller) void register();
  store.subscribe(look);
  look();
};
