/**
 * What there is to say of one server: asked of that server itself, over HTTP and not over the log, by whichever server
 * somebody asks. Of one that does not answer, what the others last knew.
 */
import { hostname as machineName } from 'node:os';
import { EstafetError, type ServerDetails, type ServerView } from '../../protocol/index.ts';
import type { Edge } from '../edge.ts';
import { labelsOf, viewOf } from './own-details.ts';
import { askServer } from './passing.ts';

/** What is known here of a server that says nothing. */
const lastKnown = ({ chat }: Edge, view: ServerView): ServerDetails => ({
  ...view,
  askedItself: false,
  host: machineName(),
  startedAt: null,
  ...labelsOf(chat, view.name, view.applied),
  ...{ memory: null, disk: null, eventLoopDelayMs: null, faults: null, process: null },
});

/** The server of a name, with its address on `hostname`. Rejects with `no-such-server`. */
export const detailsOf = async (edge: Edge, name: string, hostname: string): Promise<ServerDetails> => {
  const view = viewOf(edge.cluster, name, hostname);
  const asked = (): Promise<ServerDetails> =>
    name === edge.name
      ? edge.details.now()
      : askServer<ServerDetails>(edge, name, { method: 'GET', path: '/api/v1/cluster/self' }).catch(
          (error: unknown) => {
            if (error instanceof EstafetError) return lastKnown(edge, view);
            throw error;
          },
        );
  const [details, supervisor] = await Promise.all([asked(), edge.control.look()]);
  const process = supervisor?.servers.find((server) => server.name === name) ?? null;
  return { ...details, url: view.url, process };
};
