/** What `estafet up` says: the banner when all servers are ready, a line an event afterwards, and the JSON for scripts. */
import { renderUnicodeCompact } from 'uqr';
import type { ClusterEvent, Death, ServerStatus } from '../cluster/supervisor/index.ts';

export interface Summary {
  /** URL of the front door, as this machine reaches it. */
  readonly front: string;
  readonly servers: readonly ServerStatus[];
  readonly data: string;
}

export interface BannerFacts extends Summary {
  /** URL of the front door for other devices, or null when they cannot reach it. */
  readonly lan: string | null;
  /** Whether a person sees it, and not a file. */
  readonly isTerminal: boolean;
}

/** One line of JSON: `{front, servers: [{name, url, pid, role}], data}`. */
export const summary = ({ front, servers, data }: Summary): string => JSON.stringify({ front, servers, data });

/** The name people know this machine by. */
const friendly = (url: string): string => url.replace('//127.0.0.1:', '//localhost:');

const serverLine = ({ name, url, pid, role }: ServerStatus): string =>
  `  ${name.padEnd(4)}${role.padEnd(9)}${friendly(url).padEnd(26)}${pid === null ? 'does not start; its log says why' : `pid ${pid}`}`;

const suggestion = (servers: readonly ServerStatus[]): string[] => {
  const primary = servers.find(({ role }) => role === 'primary');
  if (primary === undefined || primary.pid === null || servers.length < 2) return [];
  return [
    '',
    'Try this: open the chat in two windows, then end the primary and keep typing:',
    `  kill -9 ${primary.pid}`,
  ];
};

/** The text for the terminal, ending in a line break. */
export const banner = ({ front, servers, data, lan, isTerminal }: BannerFacts): string => {
  const lines = [
    '',
    `Estafet is ready: ${friendly(front)}`,
    ...(lan === null ? [] : [`On other devices:  ${lan}`]),
    ...(lan !== null && isTerminal ? ['', renderUnicodeCompact(lan, { border: 2 })] : []),
    '',
    ...servers.map(serverLine),
    ...suggestion(servers),
    '',
    `The data is in ${data}. ${isTerminal ? 'Ctrl-C stops' : `"estafet down --data ${data}" stops`} all servers.`,
    '',
  ];
  return `${lines.join('\n')}\n`;
};

const ending = ({ code, signal, lastWords }: Death): string => {
  const words = lastWords === '' ? '' : ` It said: ${lastWords}${/[.!?]$/.test(lastWords) ? '' : '.'}`;
  if (signal !== null) return `was ended by ${signal}.${words}`;
  if (code !== null) return `exited with ${code}.${words}`;
  return `is gone.${words}`;
};

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const thousands = (count: number): string => count.toLocaleString('en');

/** The line for an event, or null when it is not worth one. Before the banner only deaths and long waits are. */
export const eventLine = (event: ClusterEvent, isReady: boolean): string | null => {
  switch (event.what) {
    case 'died': {
      const when =
        event.restartInMs < 1_000 ? 'Starting it again.' : `Starting it again in ${event.restartInMs / 1000} s.`;
      return `${event.name} (pid ${event.death.pid}) ${ending(event.death)} ${when}`;
    }
    case 'hung':
      return `${event.name} (pid ${event.pid}) does not answer any more, and is ended.`;
    case 'ready':
      return isReady ? `${event.name} serves again (pid ${event.pid}).` : null;
    case 'primary':
      return isReady ? `${event.name} is the primary now (epoch ${event.epoch}).` : null;
    case 'catching-up': {
      const { name, unit, done, of } = event;
      const percent = of === 0 ? 100 : Math.floor((100 * done) / of);
      if (unit === 'bytes') return `${name} copies a snapshot of ${megabytes(of)}: ${percent} %.`;
      return `${name} catches up: ${thousands(done)} of ${thousands(of)} entries, ${percent} %.`;
    }
    case 'caught-up':
      return `${event.name} has everything now, and counts from here on.`;
    case 'ordered':
      return `Somebody had this done: ${event.action}${event.name === null ? '' : ` ${event.name}`}.`;
    case 'order-failed': {
      const { action, name, reason } = event;
      return `It came to nothing (${action}${name === null ? '' : ` ${name}`}): ${reason}.`;
    }
    case 'started':
      return null;
  }
};
