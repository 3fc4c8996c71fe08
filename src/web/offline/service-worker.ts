/**
 * The service worker: keeps the app's own files (the shell), so that the page opens without a server. It keeps nothing of
 * the chat; that is the page's (`cache.ts`), and it answers nothing of the API. The build says which files there are and
 * under which version (`scripts/app-shell.ts`).
 *
 * A new version is fetched whole beside the old one, and waits until no page needs the old one or a person asks for it.
 */
import { shellPathOf } from './shell-requests.ts';

/** Put in by the build. */
declare const __SHELL__: { readonly version: string; readonly files: readonly string[] };

interface Lasting {
  waitUntil(work: Promise<unknown>): void;
  /** Not in every browser yet. */
  addRoutes?(
    routes: readonly { readonly condition: { urlPattern: string }; readonly source: 'network' }[],
  ): Promise<void>;
}

/** A page of this address. */
interface Page {
  focus(): Promise<unknown>;
  postMessage(message: unknown): void;
}

interface Clicked extends Lasting {
  readonly notification: { readonly data: unknown; close(): void };
}

/** What a service worker has; by hand, because its types and a page's exclude each other. */
interface Worker {
  readonly clients: {
    claim(): Promise<void>;
    matchAll(which: { readonly type: 'window' }): Promise<readonly Page[]>;
    openWindow(path: string): Promise<unknown>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Lasting) => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'notificationclick', listener: (event: Clicked) => void): void;
  addEventListener(
    type: 'fetch',
    listener: (event: { readonly request: Request; respondWith(answer: Promise<Response>): void }) => void,
  ): void;
}

const worker = globalThis as unknown as Worker;
const { version, files } = __SHELL__;
const paths = new Set(files);
const prefix = 'estafet-shell-';
const name = prefix + version;

/** A file under `assets/` has a hash of its content in its name: the one of an older version is the same. */
const fetched = async (path: string): Promise<Response> => {
  const known = path.startsWith('/assets/') ? await caches.match(path, { ignoreVary: true }) : undefined;
  if (known) return known;
  const response = await fetch(path, { cache: 'reload', credentials: 'same-origin' });
  if (!response.ok || response.redirected) throw new Error(`${path} was answered with ${response.status}`);
  return response;
};

const install = async (): Promise<void> => {
  const cache = await caches.open(name);
  await Promise.all(files.map(async (path) => cache.put(path, await fetched(path))));
};

const activate = async (): Promise<void> => {
  const others = (await caches.keys()).filter((key) => key.startsWith(prefix) && key !== name);
  await Promise.all(others.map((key) => caches.delete(key)));
  await worker.clients.claim();
};

const answer = async (path: string, request: Request): Promise<Response> => {
  const cache = await caches.open(name);
  // The browser may have thrown it away to make room.
  return (await cache.match(path, { ignoreVary: true })) ?? (await fetch(request));
};

/** What is the servers' need not wait for this worker to be started. */
const network = ['/api/*', '/files/*', '/files'].map(
  (urlPattern) => ({ condition: { urlPattern }, source: 'network' }) as const,
);

worker.addEventListener('install', (event) => {
  event.waitUntil(event.addRoutes?.(network).catch(() => {}) ?? Promise.resolve());
  event.waitUntil(install());
});
worker.addEventListener('activate', (event) => event.waitUntil(activate()));
worker.addEventListener('message', ({ data }) => {
  if (data === 'take-over') void worker.skipWaiting();
});
/** Leads to what a notification is of: in a page that is open, else in a new one. */
const follow = async (path: string): Promise<void> => {
  const [page] = await worker.clients.matchAll({ type: 'window' });
  if (!page) return void (await worker.clients.openWindow(path));
  page.postMessage({ open: path });
  await page.focus();
};

worker.addEventListener('notificationclick', (event) => {
  const { data } = event.notification;
  event.notification.close();
  const path = typeof data === 'object' && data !== null && 'path' in data ? data.path : null;
  event.waitUntil(follow(typeof path === 'string' && path.startsWith('/') ? path : '/'));
});
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const asked = { method: request.method, url: request.url, navigates: request.mode === 'navigate' };
  const path = shellPathOf(asked, location.origin, paths);
  if (path !== null) event.respondWith(answer(path, request));
});
