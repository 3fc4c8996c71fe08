/** What a server says of itself, to whoever asks it: from its own database, disk and process. */
import { stat, statfs } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Chat } from '../../chat/index.ts';
import type { ReplicatedLog } from '../../log/index.ts';
import { EstafetError, type FaultsView, limits, type ServerDetails, type ServerView } from '../../protocol/index.ts';
import type { ClusterView } from '../topology-view.ts';
import type { EventLoopDelay } from './event-loop.ts';

const bytesOf = async (...paths: readonly string[]): Promise<number> => {
  const sizes = paths.map(async (path) => (await stat(path).catch(() => null))?.size ?? 0);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
};

/** A database, with what is not yet written back into it. */
const databaseBytes = (folder: string, name: string): Promise<number> =>
  bytesOf(join(folder, name), join(folder, `${name}-wal`));

/** What a server has processed, and what it has from others up to the index that it has applied. */
export const labelsOf = (chat: Chat, name: string, applied?: number) => {
  const { processed, synchronised, ...counts } = chat.requestsOf(name, limits.clusterDetailsLabelsMax, applied);
  return { processed: [...processed], synchronised: [...synchronised], ...counts };
};

/** A server as the others see it. Throws `no-such-server`. */
export const viewOf = (cluster: ClusterView, name: string, hostname: string): ServerView => {
  const view = cluster.full(hostname).servers.find((server) => server.name === name);
  if (view === undefined) throw new EstafetError('no-such-server', `There is no server ${name}.`);
  return view;
};

interface Charge {
  readonly log: ReplicatedLog;
  readonly chat: Chat;
  readonly view: ClusterView;
  /** The server's own folder. */
  readonly folder: string;
  readonly loop: EventLoopDelay;
  /** What is wrong on purpose with its links and disk. */
  readonly faults: () => FaultsView;
  /** When the server started: ms since 1970. */
  readonly startedAt: number;
}

export class OwnDetails {
  readonly #charge: Charge;

  constructor(charge: Charge) {
    this.#charge = charge;
  }

  /** This server, as it is now. */
  async now(): Promise<ServerDetails> {
    const { log, chat, view, loop, startedAt, faults } = this.#charge;
    const { self } = log.topology();
    const { rss, heapUsed } = process.memoryUsage();
    return {
      ...viewOf(view, self, ''),
      askedItself: true,
      host: hostname(),
      startedAt,
      ...labelsOf(chat, self),
      memory: { rssBytes: rss, heapBytes: heapUsed },
      disk: await this.#disk(),
      eventLoopDelayMs: loop.reading,
      faults: faults(),
      process: null,
    };
  }

  async #disk(): Promise<ServerDetails['disk']> {
    const { folder, chat } = this.#charge;
    const [logBytes, chatBytes, space] = await Promise.all([
      databaseBytes(folder, 'log.db'),
      databaseBytes(folder, 'chat.db'),
      statfs(folder).catch(() => null),
    ]);
    if (space === null) return null;
    return { logBytes, chatBytes, filesBytes: chat.filesTotal(), freeBytes: space.bavail * space.bsize };
  }
}
