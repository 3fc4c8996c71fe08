/** Addresses and ports of this machine. */
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { systemCode } from './refusal.ts';

/** Whether an address is this machine talking to itself. */
export const isLoopback = (address: string): boolean =>
  address === 'localhost' || address === '::1' || /^(::ffff:)?127\./.test(address);

const isWildcard = (host: string): boolean => host === '0.0.0.0' || host === '::';

/** The host by which this machine reaches its own servers that listen on `host`. */
export const ownHost = (host: string): string => (isWildcard(host) || host === 'localhost' ? '127.0.0.1' : host);

/** The URL of a port of this machine, as this machine reaches it. */
export const urlOf = (host: string, port: number): string => {
  const own = ownHost(host);
  return `http://${own.includes(':') ? `[${own}]` : own}:${port}`;
};

/** The IPv4 address by which other devices reach this machine when it listens on `host`; null when they cannot. */
export const lanAddress = (host: string): string | null => {
  if (isLoopback(host)) return null;
  if (!isWildcard(host)) return host;
  const addresses = Object.values(networkInterfaces()).flatMap((several) => several ?? []);
  const outside = addresses.filter(
    ({ family, internal, address }) => family === 'IPv4' && !internal && !address.startsWith('169.254.'),
  );
  const isHome = (address: string): boolean => /^(192\.168\.|10\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address);
  return (outside.find(({ address }) => isHome(address)) ?? outside[0])?.address ?? null;
};

/** What stops this process from having a port to itself. */
export type PortTrouble = 'in-use' | 'not-allowed' | 'no-such-host' | 'failed';

/**
 * Tries to have a port alone, without `reusePort`: a port that is shared by others who allow it would otherwise be shared
 * with them, and their clients with us. Returns null when the port is free.
 */
export const portTrouble = (host: string, port: number): Promise<PortTrouble | null> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => {
      const code = systemCode(error);
      if (code === 'EADDRINUSE') resolve('in-use');
      else if (code === 'EACCES') resolve('not-allowed');
      else if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') resolve('no-such-host');
      else resolve('failed');
    });
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(null)));
  });
