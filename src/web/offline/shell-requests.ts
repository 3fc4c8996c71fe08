/** Which requests the service worker answers from the app shell that it keeps, and which go their own way. Pure. */

/** What a server answers itself, and never from what a device keeps: the API, the socket, files, and what operators ask. */
const servers = /^\/(?:api|ws|files|health|healthz|ready|readyz|live|livez|metrics)(?:\/|$)/;

export interface Asked {
  readonly method: string;
  readonly url: string;
  /** A page is wanted, rather than a part of one. */
  readonly navigates: boolean;
}

/**
 * The path under which the shell has the answer, or null when the network is to be asked.
 * @param origin of the service worker itself
 * @param files paths that the shell has
 */
export const shellPathOf = ({ method, url, navigates }: Asked, origin: string, files: ReadonlySet<string>) => {
  const asked = new URL(url);
  if (method !== 'GET' || asked.origin !== origin || servers.test(asked.pathname)) return null;
  if (files.has(asked.pathname)) return asked.pathname;
  // The page routes its own addresses. What looks like a file and is none of the shell's is not one of them.
  return navigates && !/\.[a-z0-9]+$/i.test(asked.pathname) ? '/' : null;
};
