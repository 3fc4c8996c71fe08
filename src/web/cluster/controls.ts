/** What can be done to a server, or to the cluster, as it is now: each with why it cannot be, when it cannot. Pure. */
import type { ClusterAction } from '../../protocol/index.ts';
import type { Acting, NotActing } from './acting.ts';
import type { ClusterModel, ShownServer } from './model.ts';

/** Why this one cannot be done now. `why.<reason>` of the page's words says it. */
export type Impossible = 'down' | 'paused' | 'primary-link' | 'no-primary' | 'alone' | 'most' | 'busy';

export interface Control {
  readonly action: ClusterAction;
  readonly why: NotActing | Impossible | null;
}

/** A server can have as many siblings as that, itself among them. */
const most = 9;

/** What is done to processes, and so by whoever runs them. */
const ofProcesses: ReadonlySet<ClusterAction> = new Set<ClusterAction>([
  'kill',
  'pause',
  'resume',
  'restart',
  'wipe',
  'remove',
  'add',
  'roll',
]);
/** What takes its time, one after the other. */
const lengthy: ReadonlySet<ClusterAction> = new Set<ClusterAction>(['restart', 'wipe', 'remove', 'add', 'roll']);

/** What one has to know to say whether it can be done; the servers judge for themselves. */
const control = (
  action: ClusterAction,
  acting: Acting,
  { supervisor }: ClusterModel,
  impossible: Impossible | null,
): Control => {
  const why = ofProcesses.has(action) ? acting.processes : acting.faults;
  const busy = lengthy.has(action) && supervisor !== null && supervisor.doing !== null ? 'busy' : null;
  return { action, why: why ?? impossible ?? busy };
};

/** Whether the link between a server and the primary is cut, from either end. */
const isCutFromPrimary = ({ faults, topology }: ClusterModel, name: string): boolean => {
  const primary = topology?.primary ?? null;
  return (
    primary !== null && (faults[name]?.cutFrom.includes(primary) || faults[primary]?.cutFrom.includes(name)) === true
  );
};

/** What can be done to one server, in the order in which it is shown. */
export const serverControls = (shown: ShownServer, model: ClusterModel, acting: Acting): readonly Control[] => {
  const { name, condition, faults } = shown;
  const alone = model.topology?.servers.length === 1 ? 'alone' : null;
  const down = condition === 'down' ? 'down' : null;
  const paused = condition === 'paused';
  const isPrimary = model.topology?.primary === name;
  const cut = isCutFromPrimary(model, name) || (faults?.cutFrom.length ?? 0) > 0;
  const link = isPrimary ? 'primary-link' : model.topology?.primary === null ? 'no-primary' : null;
  const can = (action: ClusterAction, impossible: Impossible | null): Control =>
    control(action, acting, model, impossible);
  return [
    can('kill', down),
    paused ? can('resume', null) : can('pause', down),
    can('restart', null),
    ...(isPrimary ? [can('step-down', alone)] : []),
    cut ? can('heal-link', down) : can('cut-link', down ?? alone ?? link),
    can('slow-link', down ?? alone ?? (paused ? 'paused' : null)),
    can('slow-disk', down ?? (paused ? 'paused' : null)),
    can('wipe', alone),
    can('remove', alone),
  ];
};

/** What can be done to the cluster. */
export const clusterControls = (model: ClusterModel, acting: Acting): readonly Control[] => {
  const count = Math.max(model.topology?.servers.length ?? 0, model.supervisor?.servers.length ?? 0);
  const alone = count === 1 ? 'alone' : null;
  const noPrimary = model.topology !== null && model.topology.primary === null ? 'no-primary' : null;
  return [
    control('add', acting, model, count >= most ? 'most' : null),
    control('step-down', acting, model, alone ?? noPrimary),
    control('roll', acting, model, alone),
  ];
};

/** How much slower a link or a disk can be made here, in ms; 0 mends it. */
export const slowSteps = { 'slow-link': [0, 100, 500, 2_000], 'slow-disk': [0, 20, 100, 500] } as const;
