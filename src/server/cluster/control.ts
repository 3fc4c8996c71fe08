/**
 * What can be done to the cluster, and what is known of what is done to it: the processes as their supervisor has them,
 * and what is wrong on purpose with links and disks. The one way from the server's routes and news to both.
 */
import type { Unsubscribe } from '../../log/index.ts';
import type { ClusterActionRequest, ClusterActionResult, FaultsView, SupervisorView } from '../../protocol/index.ts';

export interface Control {
  /** The processes, as whoever runs them said last; null when nobody does. */
  supervisor(): SupervisorView | null;
  /** The processes as they are now, asked of whoever runs them; null when nobody does. */
  look(): Promise<SupervisorView | null>;
  /** By server: those with a fault only. */
  faults(): Readonly<Record<string, FaultsView>>;
  /** Called when either has changed. */
  onChange(handler: () => void): Unsubscribe;
  /** Whether somebody watches here: only then is what is known kept fresh. */
  watch(on: boolean): void;
  /**
   * Does it, on whichever server it is to be done. Rejects with an `EstafetError` that says why it cannot be done:
   * among others `chaos-off`, `no-supervisor`, `no-such-server`.
   * @param by the person's id
   */
  act(request: ClusterActionRequest, by: string): Promise<ClusterActionResult>;
}
