/**
 * What a browser's page can add, each part missing quietly elsewhere: where it was loaded from, the addresses that the
 * cluster had last time, and hints that the network or the person is back. Typed by hand, since the SDK compiles with
 * and without the DOM's types.
 */
import { limits } from '../protocol/index.ts';
import { originOf } from './addresses.ts';
import type { Unsubscribe } from './common-types.ts';

/** Ports that `estafet up` uses unless told otherwise: the front door's and the first servers'. */
const usualPorts = [8080, 5000, 5001, 5002];
const storageKey = 'estafet.addresses';

interface Target {
  addEventListener(type: string, listener: () => void): void;
  removeEventListener(type: string, listener: () => void): void;
}

interface Page {
  readonly document?: Target & { readonly visibilityState: string };
  readonly location?: { readonly origin: string; readonly protocol: string; readonly hostname: string };
  readonly localStorage?: { getItem(key: string): string | null; setItem(key: string, value: string): void };
}

const page = globalThis as unknown as Page & Target;

/** Whether this runs in a browser's page. */
export const inBrowser = page.document !== undefined && page.location !== undefined;

/** The origin that the page was loaded from, or null outside a browser. */
export const pageOrigin = (): string | null => (inBrowser ? originOf(page.location?.origin) : null);

/**
 * Addresses of the last time, in an order by chance, then the usual ports on the page's host name: for a page whose own
 * server is dead.
 */
export const likelyAddresses = (): readonly string[] => {
  const here = page.location;
  if (!inBrowser || here === undefined) return [];
  const usual = usualPorts.map((port) => originOf(`${here.protocol}//${here.hostname}:${port}`));
  const last = remembered()
    .map((url) => ({ url, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ url }) => url);
  return [...last, ...usual].filter((url) => url !== null);
};

const remembered = (): readonly (string | null)[] => {
  try {
    const kept: unknown = JSON.parse(page.localStorage?.getItem(storageKey) ?? '[]');
    return Array.isArray(kept) ? kept.slice(0, limits.clientAddressesMax).map(originOf) : [];
  } catch {
    // Storage may be forbidden, or hold something else: then nothing is remembered.
    return [];
  }
};

let kept = '';

/** Keeps addresses for the next time the page is opened. */
export const remember = (addresses: readonly string[]): void => {
  const text = JSON.stringify(addresses);
  if (!inBrowser || text === kept) return;
  kept = text;
  try {
    page.localStorage?.setItem(storageKey, text);
  } catch {
    // Storage may be full or forbidden; the next page then begins without.
  }
};

/** Calls `hint` when the network comes or goes and when the page is looked at again. */
export const listenForHints = (hint: (what: 'wake' | 'offline') => void): Unsubscribe => {
  if (!inBrowser) return () => {};
  const wake = (): void => hint('wake');
  const offline = (): void => hint('offline');
  const look = (): void => {
    if (page.document?.visibilityState === 'visible') hint('wake');
  };
  page.addEventListener('online', wake);
  page.addEventListener('pageshow', wake);
  page.addEventListener('focus', wake);
  page.addEventListener('offline', offline);
  page.document?.addEventListener('visibilitychange', look);
  // A phone's browser freezes a page in the background, and thaws it sometimes without showing it anew.
  page.document?.addEventListener('resume', wake);
  return () => {
    page.removeEventListener('online', wake);
    page.removeEventListener('pageshow', wake);
    page.removeEventListener('focus', wake);
    page.removeEventListener('offline', offline);
    page.document?.removeEventListener('visibilitychange', look);
    page.document?.removeEventListener('resume', wake);
  };
};
