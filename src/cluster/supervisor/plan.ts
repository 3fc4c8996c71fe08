/**
 * What `up` is about to do, decided before it does any of it: which servers run already and are adopted, which are to be
 * started, and whether anything is in the way. Nothing is started while a check can still fail.
 */
import { limits } from '../../protocol/index.ts';
import { runningServers, type ServerFile } from './data-folder.ts';
import { type PortTrouble, portTrouble, urlOf } from './network.ts';
import { Refusal } from './refusal.ts';

/** What the servers of a cluster have in common. */
export interface ClusterShape {
  /** How many; they are called s1, s2, … */
  readonly servers: number;
  /** Port of the first; the next ones follow. */
  readonly port: number;
  /** The port of the front door. */
  readonly front: number;
  readonly host: string;
  /** The data folder, as an absolute path. */
  readonly data: string;
  /** Whether the front door is the supervisor's, and not shared by the servers. */
  readonly forwarder: boolean;
}

/** One server of the plan. `adopted` is the process that is it already. */
export interface PlannedServer {
  readonly name: string;
  readonly port: number;
  readonly url: string;
  readonly adopted: ServerFile | null;
  /** Whether it is beyond what was asked for: somebody added it while the cluster ran. */
  readonly added: boolean;
}

/** @throws Refusal when the figures cannot be */
export const checkShape = ({ servers, port, front }: ClusterShape): void => {
  if (servers < 1 || servers > limits.replicasMax) {
    throw new Refusal(
      'usage',
      `--servers ${servers} is not possible: a cluster has 1 to ${limits.replicasMax} servers.`,
    );
  }
  if (port < 1 || port + servers - 1 > 65_535) {
    throw new Refusal(
      'usage',
      `--port ${port} is not possible: the servers need ports ${port} to ${port + servers - 1}, and ports go from 1 to 65535.`,
    );
  }
  if (front >= port && front < port + servers) {
    throw new Refusal(
      'usage',
      `--front ${front} is the port of server s${front - port + 1} as well. Choose another one for either.`,
    );
  }
};

const checkAdopted = (shape: ClusterShape, { name, port, front, pid }: ServerFile, expectedPort: number): void => {
  const expectedFront = shape.forwarder ? null : shape.front;
  if (port === expectedPort && front === expectedFront) return;
  const asked = `ports ${expectedPort} and ${expectedFront ?? 'none'}`;
  throw new Refusal(
    'unavailable',
    `Server ${name} of ${shape.data} still runs (process ${pid}) on ports ${port} and ${front ?? 'none'}, not on ${asked}. Give the same ports, or stop it first: estafet down --data ${shape.data}`,
  );
};

const sentence = (trouble: PortTrouble, host: string, port: number, whose: string, option: string): string => {
  switch (trouble) {
    case 'in-use':
      return `Port ${port}, which is for ${whose}, is in use by another program. Stop that, or choose another with ${option}.`;
    case 'not-allowed':
      return `You may not open port ${port}, which is for ${whose}: ports below 1024 need rights. Choose another with ${option}.`;
    case 'no-such-host':
      return `${host} is no address of this machine. Give one that is with --host; 0.0.0.0 is all of them.`;
    case 'failed':
      return `Port ${port}, which is for ${whose}, cannot be opened on ${host}.`;
  }
};

const checkPort = async (host: string, port: number, whose: string, option: string): Promise<void> => {
  const trouble = await portTrouble(host, port);
  if (trouble !== null)
    throw new Refusal(
      trouble === 'not-allowed' ? 'noPermission' : 'unavailable',
      sentence(trouble, host, port, whose, option),
    );
};

/**
 * Looks at what runs and at the ports.
 * @throws Refusal when something is in the way
 */
export const planCluster = async (shape: ClusterShape): Promise<PlannedServer[]> => {
  const running = runningServers(shape.data);
  const asked = Array.from({ length: shape.servers }, (_, at): PlannedServer => {
    const name = `s${at + 1}`;
    const port = shape.port + at;
    const adopted = running.find((server) => server.name === name) ?? null;
    return { name, port, url: urlOf(shape.host, port), adopted, added: false };
  });
  // Those that run and were not asked for have been added while the cluster ran: they are looked after, too.
  const extra = running.filter(({ name }) => !asked.some((server) => server.name === name));
  const planned = [
    ...asked,
    ...extra.map((one): PlannedServer => ({ name: one.name, port: one.port, url: one.url, adopted: one, added: true })),
  ];
  for (const { adopted, port } of planned) if (adopted !== null) checkAdopted(shape, adopted, port);
  for (const { adopted, name, port } of planned)
    if (adopted === null) await checkPort(shape.host, port, `server ${name}`, '--port');
  // Servers that run share the front door already, so it cannot be had alone.
  if (shape.forwarder || planned.every(({ adopted }) => adopted === null))
    await checkPort(shape.host, shape.front, 'the front door', '--front');
  return planned;
};
