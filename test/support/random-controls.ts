/** People who play with the cluster page: one control after another, as a seed says, whatever the cluster makes of it. */
import { setTimeout as pause } from 'node:timers/promises';
import { newRandom } from '../../src/cluster/chaos/random.ts';
import type { ClusterAction, ClusterActionRequest, ErrorCode, SupervisorView } from '../../src/protocol/index.ts';
import type { Controls } from './controls.ts';

/** How often each is drawn, beside the others. What mends is drawn less often: all is mended at the end. */
const shares: Readonly<Record<ClusterAction, number>> = {
  kill: 5,
  pause: 3,
  resume: 3,
  restart: 2,
  'cut-link': 3,
  'heal-link': 3,
  'slow-link': 2,
  'slow-disk': 2,
  wipe: 2,
  add: 3,
  remove: 2,
  'step-down': 2,
  roll: 1,
};

/** Refusals that are right sooner or later: it is the last server, or as it is asked for already, or another is under way. */
const fair: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'last-server',
  'servers-max',
  'not-possible',
  'no-such-server',
  'unavailable',
]);

export interface Play {
  readonly seed: number;
  readonly controls: number;
}

/** What was done, a line each, and how often anything was. */
export interface Played {
  readonly said: readonly string[];
  readonly done: number;
}

/**
 * Acts so many times, and then has everything mended.
 * @throws Error with all that was done when something is refused that should not be
 */
export const play = async (controls: Controls, { seed, controls: count }: Play): Promise<Played> => {
  const random = newRandom(seed);
  const hat = Object.entries(shares).flatMap(([action, share]) => Array<string>(share).fill(action)) as ClusterAction[];
  const said: string[] = [];
  let done = 0;

  const draw = ({ servers }: SupervisorView): ClusterActionRequest => {
    const action = random.pick(hat);
    const server = random.pick(servers).name;
    switch (action) {
      case 'add':
      case 'roll':
      case 'step-down':
        return { action };
      case 'slow-link':
      case 'slow-disk':
        return { action, server, ms: random.pick([0, 20, 100, 400]) };
      case 'cut-link':
      case 'heal-link': {
        const others = servers.filter(({ name }) => name !== server);
        const peer = others.length > 0 && random.next() < 0.5 ? { peer: random.pick(others).name } : {};
        return { action, server, ...peer };
      }
      default:
        return { action, server };
    }
  };

  const one = async (request: ClusterActionRequest): Promise<void> => {
    const answer = await controls.act(request).catch((error: unknown) => ({ failed: String(error) }));
    const became = 'done' in answer ? 'done' : 'refused' in answer ? answer.refused : answer.failed;
    said.push(`${JSON.stringify(request)} ${became}`);
    if ('done' in answer) done++;
    if ('refused' in answer && !fair.has(answer.refused)) {
      throw new Error(`seed ${seed}: ${answer.message}\n${said.join('\n')}`);
    }
  };

  for (let at = 0; at < count; at++) {
    await one(draw(await controls.view()));
    await pause(random.between(50, 700));
  }
  await controls.quiet('the last action is over', 150_000);
  for (const { name, state } of (await controls.view()).servers) {
    if (state === 'paused') await one({ action: 'resume', server: name });
    const faults = await controls.faults(name).catch(() => null);
    for (const peer of faults?.cutFrom ?? []) await one({ action: 'heal-link', server: name, peer });
    if ((faults?.slowLinkMs ?? 0) > 0) await one({ action: 'slow-link', server: name, ms: 0 });
    if ((faults?.slowDiskMs ?? 0) > 0) await one({ action: 'slow-disk', server: name, ms: 0 });
  }
  return { said, done };
};
