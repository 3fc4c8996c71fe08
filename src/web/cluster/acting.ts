/** Whether the person may make things fail here, and if not, why. Pure; the servers judge for themselves. */
import type { Role } from '../../client/index.ts';
import type { ClusterModel } from './model.ts';

/** Why something cannot be done. `acting.<reason>` of the page's words says it. */
export type NotActing = 'past' | 'not-heard' | 'role' | 'chaos-off' | 'no-supervisor';

export interface Acting {
  /** Why nothing may be done to the servers; null when it may. Stepping down and faults of links and disks need no more. */
  readonly faults: NotActing | null;
  /** The same for what is done to processes: kill, pause, restart, wipe, add, remove, roll, and requests that fail. */
  readonly processes: NotActing | null;
  /** Why no request can be sent; null when it can. */
  readonly requests: 'past' | 'role' | null;
}

const mayAct: ReadonlySet<Role> = new Set(['owner', 'admin']);

/** @param at the moment that is shown, null for the present */
export const actingOf = (live: ClusterModel, at: number | null, role: Role | null): Acting => {
  const faults = ((): NotActing | null => {
    if (at !== null) return 'past';
    if (role === null || !mayAct.has(role)) return 'role';
    if (live.at === 0) return 'not-heard';
    return live.chaos ? null : 'chaos-off';
  })();
  const processes = faults ?? (live.supervisor === null ? 'no-supervisor' : null);
  return { faults, processes, requests: at !== null ? 'past' : role === null || role === 'guest' ? 'role' : null };
};
