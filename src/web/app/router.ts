/** The addresses of the page, and moving between them without loading it again. */
import { useSyncExternalStore } from 'react';
import type { Room } from '../../client/index.ts';

/** The parts of the lab; the first is what `/lab` alone leads to. */
export const labTabs = ['live', 'experiments', 'class'] as const;
export type LabTab = (typeof labTabs)[number];

export type Route =
  /** `message`: the index of the one to show in its place. */
  | { readonly page: 'chat'; readonly room: string | null; readonly message: number | null }
  | { readonly page: 'cluster' }
  /** `item`: which of the tab's things, such as the number of an experiment. */
  | { readonly page: 'lab'; readonly tab: LabTab; readonly item: string | null }
  | { readonly page: 'missing' };

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

/** What an address asks for. A room is named by its name, or by its id. */
export const routeOf = (path: string): Route => {
  const [first, second, ...rest] = path.split('/').filter((part) => part !== '');
  if (first === undefined) return { page: 'chat', room: null, message: null };
  if (first === 'rooms' && second !== undefined) {
    const room = decoded(second);
    if (rest.length === 0) return { page: 'chat', room, message: null };
    const [what, index = ''] = rest;
    if (what === 'm' && rest.length === 2 && /^\d{1,15}$/.test(index)) {
      return { page: 'chat', room, message: Number(index) };
    }
    return { page: 'missing' };
  }
  if (first === 'cluster' && second === undefined) return { page: 'cluster' };
  if (first === 'lab' && rest.length <= 1) {
    const tab = labTabs.find((name) => name === (second ?? 'live'));
    if (tab !== undefined) return { page: 'lab', tab, item: rest[0] === undefined ? null : decoded(rest[0]) };
  }
  return { page: 'missing' };
};

/** The address of a part of the lab, and of one thing in it. */
export const labPath = (tab: LabTab, item: string | null = null): string => {
  if (item !== null) return `/lab/${tab}/${encodeURIComponent(item)}`;
  return tab === 'live' ? '/lab' : `/lab/${tab}`;
};

export const roomPath = (name: string): string => `/rooms/${encodeURIComponent(name)}`;

type Addressed = Pick<Room, 'id' | 'name' | 'access'>;

/** The address of a room: a conversation between people has no name, and goes by its id. */
export const roomHref = (room: Addressed): string => roomPath(room.access === 'direct' ? room.id : room.name);

/** The address of one message of a room, to be given to others: a path; put `location.origin` before it. */
export const permalinkOf = (room: Addressed, index: number): string => `${roomHref(room)}/m/${index}`;

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

/** The query of the address one is at, with its question mark, and again whenever that changes. */
export const useSearch = (): string => useSyncExternalStore(subscribe, () => location.search);
