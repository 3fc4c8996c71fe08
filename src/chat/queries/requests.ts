/** Numbered requests and takeovers, as the tables have them. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { RequestView, TakeoverCause, TakeoverView } from '../../protocol/index.ts';
import { labelOf } from '../machine/requests.ts';

type Row = Record<string, SQLOutputValue>;

/** What one server has of the requests, by their labels, the newest of them in the order of the log. */
export interface ServerRequests {
  /** Those that it processed as primary. */
  readonly processed: readonly string[];
  /** Those that it has from other primaries. */
  readonly synchronised: readonly string[];
  /** How many there are of each, those that are kept no more among them. */
  readonly processedCount: number;
  readonly synchronisedCount: number;
}

export interface RequestQueries {
  /** Requests before an index, or all, the newest first. */
  requests(query: { readonly before?: number; readonly limit: number }): readonly RequestView[];
  /** Requests after an index, in the order of the log. */
  requestsAfter(index: number, limit: number): readonly RequestView[];
  /** The label of the request at an index; null when there is none. */
  requestLabel(index: number): string | null;
  /**
   * What of the requests in this database is a server's own, and what is others'; at most `limit` labels of each. With
   * `upto`, of those that are others' only the ones up to that index: what a server has applied that is not this one.
   */
  requestsOf(server: string, limit: number, upto?: number): ServerRequests;
  /** The newest takeovers, the newest first. */
  takeovers(limit: number): readonly TakeoverView[];
}

const textOr = (value: SQLOutputValue | undefined): string | null =>
  value === null || value === undefined || value === '' ? null : String(value);
const numberOr = (value: SQLOutputValue | undefined): number | null =>
  value === null || value === undefined ? null : Number(value);

const requestFrom = (row: Row): RequestView => ({
  id: String(row.id),
  label: labelOf(Number(row.num)),
  index: Number(row.idx),
  epoch: Number(row.epoch),
  at: Number(row.at),
  by: String(row.by),
  processedBy: textOr(row.server),
  failed: numberOr(row.fail_in),
});

const takeoverFrom = (row: Row): TakeoverView => ({
  epoch: Number(row.epoch),
  primary: String(row.server),
  previous: textOr(row.previous),
  cause: row.cause as TakeoverCause,
  index: Number(row.idx),
  lastSignAt: numberOr(row.last_sign_at),
  detectedAt: numberOr(row.detected_at),
  lockedAt: numberOr(row.locked_at),
  durableAt: numberOr(row.durable_at),
  acknowledgedAt: numberOr(row.acknowledged_at),
});

export const openRequestQueries = (db: DatabaseSync): RequestQueries => {
  const before = db.prepare('SELECT * FROM requests WHERE idx < ? ORDER BY idx DESC LIMIT ?');
  const after = db.prepare('SELECT * FROM requests WHERE idx > ? ORDER BY idx LIMIT ?');
  const at = db.prepare('SELECT num FROM requests WHERE idx = ?');
  const newest = db.prepare('SELECT num FROM requests WHERE idx <= ? ORDER BY idx DESC LIMIT 1');
  const counted = db.prepare('SELECT requests FROM processed WHERE server = ?');
  const servers = db.prepare('SELECT server FROM processed WHERE server <> ?');
  const newestOf = db.prepare('SELECT num FROM requests WHERE server = ? AND num <= ? ORDER BY num DESC LIMIT ?');
  const takeovers = db.prepare('SELECT * FROM takeovers ORDER BY epoch DESC LIMIT ?');

  const numsOf = (server: string, limit: number, most: number): number[] =>
    newestOf.all(server, most, limit).map(({ num }) => Number(num));
  /** Each server's newest by themselves, so that nothing is read that is not looked for. */
  const numsOfOthers = (server: string, limit: number, most: number): number[] =>
    ['', ...servers.all(server).map((row) => String(row.server))]
      .flatMap((other) => numsOf(other, limit, most))
      .sort((a, b) => b - a)
      .slice(0, limit);
  const labels = (newestFirst: readonly number[]): string[] => newestFirst.map(labelOf).reverse();

  return {
    requests: ({ before: end = Number.MAX_SAFE_INTEGER, limit }) => before.all(end, limit).map(requestFrom),
    requestsAfter: (index, limit) => after.all(index, limit).map(requestFrom),
    requestLabel: (index) => {
      const num = at.get(index)?.num;
      return num === undefined ? null : labelOf(Number(num));
    },
    requestsOf: (server, limit, upto = Number.MAX_SAFE_INTEGER) => {
      const processedCount = Number(counted.get(server)?.requests ?? 0);
      const most = Number(newest.get(upto)?.num ?? 0);
      return {
        processed: labels(numsOf(server, limit, Number.MAX_SAFE_INTEGER)),
        synchronised: labels(numsOfOthers(server, limit, most)),
        processedCount,
        synchronisedCount: Math.max(0, most - processedCount),
      };
    },
    takeovers: (limit) => takeovers.all(limit).map(takeoverFrom),
  };
};
