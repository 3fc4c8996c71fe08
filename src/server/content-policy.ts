/** What a browser may do with this server's pages (CSP and its kin): load from here only, and talk to the cluster. */
import type { IncomingMessage } from 'node:http';
import type { FastifyHelmetOptions } from '@fastify/helmet';
import { parseHost } from './origin.ts';

/**
 * The cluster's servers: the same host name, any port. Not the ports known now, because a page outlives the servers it
 * began with, and must reach the ones that were added since. Policies cannot name IPv6 addresses (CSP3, section 2.3.1),
 * so for those any host will do.
 */
export const clusterSources = (request: IncomingMessage): string => {
  const hostname = parseHost(request.headers.host)?.hostname;
  if (hostname === undefined) return "'self'";
  if (hostname.startsWith('[')) return 'http: ws: https: wss:';
  return ['http', 'ws', 'https', 'wss'].map((scheme) => `${scheme}://${hostname}:*`).join(' ');
};

export const helmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      // Accessible components set styles of their own; a style cannot run anything.
      styleSrc: ["'self'", "'unsafe-inline'"],
      // Files may come from another server of the cluster: the page outlives the one that it was loaded from.
      imgSrc: ["'self'", 'data:', 'blob:', clusterSources],
      mediaSrc: ["'self'", 'blob:', clusterSources],
      fontSrc: ["'self'", 'data:'],
      connectSrc: ["'self'", clusterSources],
      workerSrc: ["'self'"],
      manifestSrc: ["'self'"],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'self'"],
    },
  },
  // A LAN is served over plain HTTP, where browsers ignore these and complain.
  strictTransportSecurity: false,
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  // Pages of the other servers of the cluster are of the same site.
  crossOriginResourcePolicy: { policy: 'same-site' },
} as const satisfies FastifyHelmetOptions;
