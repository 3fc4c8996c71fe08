/** Puts the parts of a server together, before any port is open. */
import { join } from 'node:path';
import type { Chat } from '../chat/index.ts';
import { PieceStore } from '../files/index.ts';
import { closeCodes, limits as standardLimits } from '../protocol/index.ts';
import { Applier, type Turn } from './applier.ts';
import { Attempts } from './attempts.ts';
import { ClusterAtWork } from './cluster/at-work.ts';
import { ActingControl } from './cluster/control-acting.ts';
import { ClusterNews } from './cluster-news.ts';
import { Commands } from './commands.ts';
import type { Edge } from './edge.ts';
import { Caretaker } from './files/caretaker.ts';
import { Library } from './files/library.ts';
import { Shelf } from './files/shelf.ts';
import { Uploads } from './files/uploads.ts';
import { Lab } from './lab/lab.ts';
import { LabChannel } from './lab/live/lab-channel.ts';
import type { EdgeLimits, ServerOptions } from './options.ts';
import { Passwords } from './passwords.ts';
import { Presence } from './presence.ts';
import { Reporter } from './reporter.ts';
import { Search } from './search/search.ts';
import { Sessions } from './sessions.ts';
import { Corks } from './socket/corks.ts';
import { Hub } from './socket/hub.ts';
import { Resumer } from './socket/resumer.ts';
import { Roster } from './socket/roster.ts';
import type { SessionSocket } from './socket/session-socket.ts';
import { Sockets } from './socket/sockets.ts';
import { ClusterView } from './topology-view.ts';
import { Typing } from './typing.ts';

/** What of a server changes as it starts and stops. */
export interface Life {
  /** The port it listens on, once that is known. */
  port: number;
  isClosing: boolean;
}

export interface Parts {
  readonly edge: Edge;
  readonly sockets: Sockets;
  readonly reporter: Reporter;
  /** Stops whatever goes on by itself. */
  stop(): void;
}

/** An address by which this machine reaches what listens on `host`. */
export const ownHostname = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
};

export const assemble = (options: ServerOptions, chat: Chat, life: Life): Parts => {
  const { name, log, dataDir, host, frontPort, logger, machineKey, workspace = 'Estafet' } = options;
  const limits: EdgeLimits = { ...standardLimits, ...options.limits };
  const startedAt = Date.now();
  const self = () => ({ port: life.port, startedAt, connections: sockets.count });

  const reporter = new Reporter(limits.reportIntervalMs, () => {
    const { index, hash } = chat.position;
    log.report(index, { ...self(), fingerprint: hash });
  });
  const hub = new Hub(chat);
  const roster = new Roster<SessionSocket>(() => presence.changed());
  const presence = new Presence(log, hub, limits, () => roster.online());
  const typing = new Typing(log, chat, hub);
  const cluster = new ClusterView(log, chat, frontPort, self);
  const commands = new Commands(log, chat, limits, () => cluster.stored);
  const turned = (turn: Turn): void => {
    hub.deliver(turn);
    // Before anybody is told that it was acknowledged.
    experiments.failovers.applied(turn.applied);
    commands.settle(turn.entries, turn.applied);
    atWork.applied(turn.applied);
    for (const { sessionsEnded } of turn.applied) if (sessionsEnded.length > 0) roster.end(sessionsEnded);
    reporter.moved();
    search.moved();
  };
  // Nobody here has been told what the snapshot brought: whoever comes back is told from the database.
  const installed = (): void => {
    sockets.sendAway(closeCodes.goingAway, 'behind');
    shelf.installed();
    caretaker.installed();
    reporter.moved();
  };
  const pieces = options.pieces ?? new PieceStore(join(dataDir, 'files'));
  const siblings = options.siblingPieces ?? (() => []);
  const library = new Library(pieces, siblings, logger);
  const shelf = new Shelf(pieces, chat);
  const caretaker = new Caretaker({ log, chat, commands, store: pieces, shelf, siblings, limits, logger });
  const search = new Search(chat, dataDir, log.origin, limits, logger);
  const applier = new Applier(log, search.around(chat), shelf, limits, turned, installed);
  const sessions = new Sessions(chat, log, applier, limits);
  const lab = new LabChannel(log, chat, limits, logger);
  const { chaos = true, supervisorPort = () => null } = options;
  const defaultHostname = ownHostname(host);
  const control = new ActingControl(
    { log, machineKey, defaultHostname, limits },
    { chaos, supervisorPort, onActed: (acted) => atWork.acted(acted) },
  );
  const atWork = new ClusterAtWork(
    { ...options, limits, defaultHostname },
    { chat, commands, control, view: cluster, startedAt },
  );
  const { version = 'unknown' } = options;
  const experiments = new Lab({ name, version, limits, logger, log, commands, control, chaos });
  const edge: Edge = {
    name,
    workspace,
    defaultHostname,
    machineKey,
    chaos,
    limits,
    logger,
    log,
    chat,
    applier,
    commands,
    sessions,
    search,
    passwords: new Passwords(limits),
    attempts: new Attempts(limits.attemptBucketsMax),
    cluster,
    control,
    requests: atWork.requests,
    details: atWork.details,
    history: atWork.history,
    hub,
    roster,
    resumer: new Resumer(limits.resumeTurnMs),
    corks: new Corks(),
    channels: { cluster: atWork.news, lab },
    presence,
    typing,
    library,
    uploads: new Uploads(commands, chat, library, limits, dataDir),
    lab: experiments,
    isClosing: () => life.isClosing,
  };
  const sockets = new Sockets(edge, () => reporter.moved());
  const news = new ClusterNews(log, cluster, sockets, presence, limits);
  return {
    edge,
    sockets,
    reporter,
    stop: () => {
      for (const part of [caretaker, atWork, control, news, lab, presence, typing, reporter, sessions]) part.stop();
    },
  };
};
