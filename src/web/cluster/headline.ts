/** What is true of the cluster now, in one sentence: which one, and what it names. Pure. */
import { type ClusterModel, type Condition, type ShownServer, serversOf } from './model.ts';

/** Servers of which the same is to be said. */
export interface Trouble {
  readonly condition: Exclude<Condition, 'primary' | 'backup'>;
  readonly names: readonly string[];
}

/** `headline.<say>` of the page's words. */
export type Headline =
  /** Nothing has been heard yet. */
  | { readonly say: 'listening' }
  /** Nobody leads: between a primary's end and the next one's beginning, or for want of one that may. */
  | { readonly say: 'noPrimary'; readonly troubles: readonly Trouble[] }
  /** There is one server and nothing beside it. */
  | { readonly say: 'lone'; readonly primary: string; readonly epoch: number }
  /** Every server has everything that was acknowledged. */
  | { readonly say: 'whole'; readonly primary: string; readonly epoch: number; readonly count: number }
  /** Some have it: `holding` of `count`. */
  | {
      readonly say: 'partly';
      readonly primary: string;
      readonly epoch: number;
      readonly holding: number;
      readonly count: number;
      readonly troubles: readonly Trouble[];
    };

const troublesOf = (servers: readonly ShownServer[]): readonly Trouble[] =>
  (['down', 'paused', 'behind'] as const).flatMap((condition) => {
    const names = servers.filter((one) => one.condition === condition).map(({ name }) => name);
    return names.length === 0 ? [] : [{ condition, names }];
  });

/** Whether a server has everything that was acknowledged: it lives and nothing is acknowledged without its disk. */
export const holdsEverything = ({ server }: ShownServer): boolean =>
  server !== null && server.role !== 'down' && server.inSync;

export const headlineOf = (model: ClusterModel): Headline => {
  const { topology } = model;
  if (topology === null) return { say: 'listening' };
  const servers = serversOf(model);
  const troubles = troublesOf(servers);
  const { primary, epoch } = topology;
  const leads = servers.some((one) => one.name === primary && one.condition === 'primary');
  if (primary === null || !leads) return { say: 'noPrimary', troubles };
  const count = servers.length;
  if (count === 1) return { say: 'lone', primary, epoch };
  const holding = servers.filter(holdsEverything).length;
  if (holding === count && troubles.length === 0) return { say: 'whole', primary, epoch, count };
  return { say: 'partly', primary, epoch, holding, count, troubles };
};
