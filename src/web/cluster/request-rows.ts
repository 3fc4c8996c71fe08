/** The newest requests as they are listed: who processed each, and on which servers it is. Pure. */
import { type ClusterModel, isSynchronised, serversOf } from './model.ts';

export interface RequestRow {
  readonly id: string;
  readonly label: string;
  readonly epoch: number;
  readonly processedBy: string | null;
  /** Who was to die of it: the primary of the epoch in which it was sent, as far as that is known. */
  readonly diedOfIt: string | null;
  readonly failed: boolean;
  /** The servers that have it, and those that do not yet. */
  readonly on: readonly string[];
  readonly missing: readonly string[];
}

/** The newest first, at most `count`. */
export const requestRows = (model: ClusterModel, count: number): readonly RequestRow[] => {
  const servers = serversOf(model).flatMap(({ server }) => (server === null ? [] : [server]));
  const leaders = new Map(model.takeovers.map(({ epoch, primary }) => [epoch, primary]));
  return model.requests
    .slice(-count)
    .toReversed()
    .map((request) => ({
      id: request.id,
      label: request.label,
      epoch: request.epoch,
      processedBy: request.processedBy,
      diedOfIt: request.failed === null ? null : (leaders.get(request.failed) ?? null),
      failed: request.failed !== null,
      on: servers.filter((server) => isSynchronised(server, request)).map(({ name }) => name),
      missing: servers.filter((server) => !isSynchronised(server, request)).map(({ name }) => name),
    }));
};
