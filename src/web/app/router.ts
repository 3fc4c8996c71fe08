/** The addresses of the page, and moving between them without loading it again. */
import { useSyncExternalStore } from 'react';

export type Route =
  | { readonly page: 'chat'; readonly room: string | null }
  | { readonly page: 'cluster' }
  | { readonly page: 'missing' };

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

/** What an address asks for. A room is named by its name. */
export const routeOf = (path: string): Route => {
  const [first, second, ...rest] = path.split('/').filter((part) => part !== '');
  if (first === undefined) return { page: 'chat', room: null };
  if (first === 'rooms' && second !== undefined && rest.length === 0) return { page: 'chat', room: decoded(second) };
  if (first === 'cluster' && second === undefined) return { page: 'cluster' };
  return { page: 'missing' };
};

export const roomPath = (name: string): string => `/rooms/${encodeURIComponent(name)}`;

const moved = new EventTarget();

/** Goes to an address of this page. `replace` leaves no step to go back to. */
export const navigate = (path: string, replace = false): void => {
  if (path === location.pathname) return;
  if (replace) history.replaceState(null, '', path);
  else history.pushState(null, '', path);
  moved.dispatchEvent(new Event('move'));
};

const subscribe = (listener: () => void): (() => void) => {
  moved.addEventListener('move', listener);
  addEventListener('popstate', listener);
  return () => {
    moved.removeEventListener('move', listener);
    removeEventListener('popstate', listener);
  };
};

/** The path one is at, and again whenever that changes. */
export const usePath = (): string => useSyncExternalStore(subscribe, () => location.pathname);
