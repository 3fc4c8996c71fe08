/** Ports for servers that must be told theirs before they start, where 0 would not do. */
import { portTrouble } from '../../src/cluster/supervisor/index.ts';

/**
 * The first of `count` free ports in a row, below those that the system gives out by itself. Different runs, and
 * different checkouts on one machine, hardly ever ask for the same.
 */
export const freePorts = async (host: string, count: number): Promise<number> => {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const ports = Array.from({ length: count }, (_, at) => first + at);
    const troubles = await Promise.all(ports.map((port) => portTrouble(host, port)));
    if (troubles.every((trouble) => trouble === null)) return first;
  }
};
