/** Puts together what a server keeps, tells and does of the cluster at work. */
import type { Applied, Chat } from '../../chat/index.ts';
import type { ClusterHistory } from '../../protocol/index.ts';
import type { Commands } from '../commands.ts';
import type { EdgeLimits, Logger, ServerOptions } from '../options.ts';
import type { ClusterView } from '../topology-view.ts';
import { Arrivals } from './arrivals.ts';
import type { Control } from './control.ts';
import type { Acted } from './control-acting.ts';
import { ownFaults } from './control-faults.ts';
import { EventBoard } from './event-board.ts';
import { EventLoopDelay } from './event-loop.ts';
import { History } from './history.ts';
import { ClusterNewsChannel } from './news.ts';
import { OwnDetails } from './own-details.ts';
import { askServer } from './passing.ts';
import { Requests } from './requests.ts';
import { Takeovers } from './takeovers.ts';

interface Parts {
  readonly chat: Chat;
  readonly commands: Commands;
  readonly control: Control;
  readonly view: ClusterView;
  /** When this server started: ms since 1970. */
  readonly startedAt: number;
}

type Options = Omit<ServerOptions, 'limits'> & { readonly limits: EdgeLimits; readonly defaultHostname: string };

/** Nothing of this process happens after it: its sockets are closed by the system, and nobody is told anything. */
const killItself = (): void => {
  process.kill(process.pid, 'SIGKILL');
};

export class ClusterAtWork {
  readonly requests: Requests;
  readonly details: OwnDetails;
  readonly history: History;
  readonly news: ClusterNewsChannel;
  readonly #board: EventBoard;
  readonly #logger: Logger;
  readonly #loop = new EventLoopDelay();
  readonly #parts: readonly { stop(): void }[];

  constructor(options: Options, { chat, commands, control, view, startedAt }: Parts) {
    const { log, limits, logger, dataDir, machineKey, defaultHostname, chaos = true, die = killItself } = options;
    const board = new EventBoard(log, limits, startedAt);
    const ask = (server: string): Promise<ClusterHistory> =>
      askServer<ClusterHistory>({ log, machineKey, defaultHostname, limits }, server, {
        method: 'GET',
        path: '/api/v1/cluster/history/own',
        deadlineMs: limits.clusterHistoryDeadlineMs,
        maxBytes: limits.clusterHistoryMaxBytes,
      });
    this.#board = board;
    this.#logger = logger;
    this.requests = new Requests({ log, chat, commands, control, board, chaos, limits, die });
    this.details = new OwnDetails({
      log,
      chat,
      view,
      folder: dataDir,
      loop: this.#loop,
      startedAt,
      faults: () => ownFaults({ log }),
    });
    this.history = new History({ log, board, view, limits, logger, ask });
    this.news = new ClusterNewsChannel({ log, chat, view, control, board, history: this.history, chaos, limits });
    const takeovers = new Takeovers({ log, chat, commands, limits });
    const arrivals = new Arrivals(log, board);
    this.#parts = [this.news, takeovers, arrivals, this.requests, this.history, board, this.#loop];
  }

  /** These commands have been applied here. */
  applied(applied: readonly Applied[]): void {
    this.#board.applied(applied);
  }

  /** Somebody did something to a server. */
  acted(acted: Acted): void {
    const { action, server, peer, by } = acted;
    this.#logger.info(acted, 'something was done on purpose');
    this.#board.note({
      ...{ what: 'acted', action, by },
      ...(server === undefined ? {} : { server }),
      ...(peer === undefined ? {} : { peer }),
    });
  }

  stop(): void {
    for (const part of this.#parts) part.stop();
  }
}
