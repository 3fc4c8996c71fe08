/** Deliveries by tenths of a second around a kill: what the chart and its table show. Pure. */
import type { LabFailoverView } from '../../protocol/index.ts';

export const tenthMs = 100;

type Tenths = Pick<LabFailoverView, 'directByTenth' | 'pubsubByTenth' | 'killedAt' | 'startedAt'>;

/** When the kill was, in ms from the start; null when there was none. */
export const killAt = ({ killedAt, startedAt }: Tenths): number | null =>
  killedAt === null ? null : killedAt - startedAt;

export interface Second {
  /** The second that it is, from 0. */
  readonly second: number;
  readonly direct: number;
  readonly pubsub: number;
  readonly killed: boolean;
}

const sumOf = (counts: readonly number[], from: number, to: number): number =>
  counts.slice(from, to).reduce((sum, count) => sum + count, 0);

/** The same by seconds: as much as a table should have. */
export const bySecond = (view: Tenths): readonly Second[] => {
  const tenths = Math.max(view.directByTenth.length, view.pubsubByTenth.length);
  const kill = killAt(view);
  return Array.from({ length: Math.ceil(tenths / 10) }, (_, second) => ({
    second,
    direct: sumOf(view.directByTenth, 10 * second, 10 * second + 10),
    pubsub: sumOf(view.pubsubByTenth, 10 * second, 10 * second + 10),
    killed: kill !== null && Math.floor(kill / 1_000) === second,
  }));
};
