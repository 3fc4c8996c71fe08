/**
 * Whether a request comes from one of the cluster's own pages. Browsers send `Origin`; the host name in it must be the
 * one the request was made to, and the port one of the cluster's, or the very port the request was made to (behind a
 * proxy). Host names are those of the `Host` header: the cluster answers by any name that leads to it.
 */
import { isIP } from 'node:net';

/** A host name in lower case (IPv6 in brackets) and a port, null when it is not named. */
export interface HostPort {
  readonly hostname: string;
  readonly port: number | null;
}

const hostPattern = /^([a-z0-9_.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::(\d{1,5}))?$/;

/** Reads a `Host` header; null when there is none or it makes no sense. */
export const parseHost = (header: string | undefined): HostPort | null => {
  const match = hostPattern.exec(header?.toLowerCase() ?? '');
  if (match === null) return null;
  return { hostname: match[1]!, port: match[2] === undefined ? null : Number(match[2]) };
};

/** Whether `origin` is one of the cluster's own, for a request made to `host`. */
export const isOwnOrigin = (origin: string, host: HostPort | null, clusterPorts: ReadonlySet<number>): boolean => {
  if (host === null || !URL.canParse(origin)) return false;
  const url = new URL(origin);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return false;
  const defaultPort = url.protocol === 'https:' ? 443 : 80;
  const port = url.port === '' ? defaultPort : Number(url.port);
  return url.hostname === host.hostname && (clusterPorts.has(port) || port === (host.port ?? defaultPort));
};

/** What of a request decides whether its page may make it. */
export interface RequestSource {
  readonly origin: string | undefined;
  readonly host: HostPort | null;
  /** The `Sec-Fetch-Site` header. */
  readonly fetchSite: string | undefined;
}

/** Whether a request that carries a cookie may change anything: from an own page, or from no page at all. */
export const mayUseCookie = (source: RequestSource, clusterPorts: ReadonlySet<number>): boolean =>
  source.origin === undefined
    ? source.fetchSite !== 'cross-site'
    : isOwnOrigin(source.origin, source.host, clusterPorts);

/** Whether an address is this machine's loopback. */
export const isLoopback = (address: string | undefined): boolean => {
  if (address === undefined) return false;
  const plain = address.replace(/^::ffff:/i, '').replace(/^\[|\]$/g, '');
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
};

/**
 * Whether a request was made on this machine, to this machine. The name counts too: a foreign name that is made to lead
 * to the loopback address (DNS rebinding) is not local.
 */
export const isLocal = (remoteAddress: string | undefined, host: HostPort | null): boolean =>
  isLoopback(remoteAddress) && host !== null && (host.hostname === 'localhost' || isLoopback(host.hostname));
