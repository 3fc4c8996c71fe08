/** Name and port of a server that is added while the cluster runs. */
import { EstafetError } from '../../protocol/index.ts';
import type { Member } from './member.ts';
import { portTrouble, urlOf } from './network.ts';
import type { ClusterShape, PlannedServer } from './plan.ts';

/** Ports that are tried beside the one that fits the name. */
const portsMax = 200;
const numbersMax = 99;

const freePort = async (host: string, first: number, taken: ReadonlySet<number>): Promise<number> => {
  for (let port = first; port < first + portsMax && port <= 65_535; port++) {
    if (!taken.has(port) && (await portTrouble(host, port)) === null) return port;
  }
  throw new EstafetError('not-possible', `No port from ${first} on is free for another server.`);
};

/**
 * The lowest number that no server has, and the port that goes with it, or the next one that is free. Rejects with
 * `not-possible` when there is none.
 */
export const nextServer = async (
  { host, port: first, front }: ClusterShape,
  members: readonly Member[],
): Promise<PlannedServer> => {
  const names = new Set(members.map(({ name }) => name));
  let number = 1;
  while (names.has(`s${number}`)) number++;
  if (number > numbersMax) throw new EstafetError('not-possible', `Servers are called s1 to s${numbersMax}.`);
  const taken = new Set([front, ...members.map(({ planned }) => planned.port)]);
  const port = await freePort(host, first + number - 1, taken);
  return { name: `s${number}`, port, url: urlOf(host, port), adopted: null, added: true };
};
