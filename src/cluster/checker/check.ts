/**
 * The history checker: judges a run of the cluster by what was seen of it from outside. Pure and linear in time, apart
 * from a sort by time when there are reads. It lives outside what it checks, and imports nothing of it.
 */
import { type Fault, type FaultDetail, newFaults } from './faults.ts';
import type { History } from './history.ts';
import { placeOperations } from './operations.ts';
import { checkReads } from './reads.ts';
import { referenceOf } from './reference.ts';
import { checkStream } from './streams.ts';
import { checkAnswers, checkRealTime, checkServer } from './writes.ts';

/** What the checker found. `ok` when every count of a fault is 0; `details` tells the first ones in words. */
export interface Verdict extends Readonly<Record<Fault, number>> {
  readonly ok: boolean;
  /** Operations that were acknowledged. */
  readonly acked: number;
  readonly details: readonly FaultDetail[];
}

/**
 * Checks a whole history: no acknowledged operation is lost, none is there twice, each is at the index it was
 * acknowledged at, all servers have one order, the order agrees with real time, each client received each event once
 * and in order, and reads are not stale. An `unknown` operation may be there or not. Throws when two operations share
 * an id.
 */
export const checkHistory = (history: History): Verdict => {
  const faults = newFaults();
  const reference = referenceOf(history.servers, faults);
  const operations = placeOperations(history.operations, reference);
  checkAnswers(operations, reference, faults);
  checkRealTime(operations, faults);
  for (const server of history.servers) {
    if (server.entries !== reference.entries) checkServer(server, reference, operations, faults);
  }
  for (const stream of history.streams) checkStream(stream, reference, faults);
  checkReads(history, reference, faults);
  const acked = history.operations.filter(({ outcome }) => outcome.type === 'acknowledged').length;
  const ok = Object.values(faults.counts).every((count) => count === 0);
  return { ok, acked, ...faults.counts, details: faults.details };
};
