/**
 * The history checker: judges a run of the cluster by what was seen of it from outside. Pure and linear in time, apart
 * from sorting by time. It lives outside what it checks, and imports nothing of it.
 */
import { contentOf } from './content.ts';
import { type Fault, type FaultDetail, newFaults } from './faults.ts';
import { checkContent } from './final-content.ts';
import type { History } from './history.ts';
import { checkIdle } from './idle.ts';
import { marksOf } from './marks.ts';
import { placeOperations } from './placement.ts';
import { checkReads } from './reads.ts';
import { checkRealTime } from './real-time.ts';
import { referenceOf } from './reference.ts';
import { checkServer } from './servers.ts';
import { checkStream } from './streams.ts';

/** What the checker found. `ok` when every count of a fault is 0; `details` tells the first ones in words. */
export interface Verdict extends Readonly<Record<Fault, number>> {
  readonly ok: boolean;
  /** Operations that were acknowledged. */
  readonly acked: number;
  readonly details: readonly FaultDetail[];
}

/**
 * Checks a whole history: no acknowledged command is lost, none took effect twice, each is at the index it was
 * acknowledged at, all servers tell one order, the order agrees with real time, each client was told each event once
 * and in order, reads are not stale, and what each server holds is what it all comes to. An `unknown` operation may
 * have happened or not. Throws when two operations share an id.
 */
export const checkHistory = (history: History): Verdict => {
  const { operations, servers, contents } = history;
  const faults = newFaults();
  const reference = referenceOf(servers, faults);
  const placement = placeOperations(operations, reference, faults);
  const content = contentOf(reference, faults);
  const marks = marksOf(operations, content);
  checkIdle(placement, content, faults);
  checkRealTime(placement, reference, faults);
  for (const server of servers) {
    if (server.entries !== reference.entries) checkServer(server, reference, placement, faults);
  }
  for (const stream of history.streams) checkStream(stream, content, marks, faults);
  const invokedAt = (index: number): number =>
    placement.byPosition[reference.byIndex.get(index) ?? -1]?.invokedAt ?? Number.NEGATIVE_INFINITY;
  checkReads(history, content, invokedAt, faults);
  for (const held of contents) checkContent(held, content, marks, faults);
  const acked = operations.filter(({ outcome }) => outcome.type === 'acknowledged').length;
  const ok = Object.values(faults.counts).every((count) => count === 0);
  return { ok, acked, ...faults.counts, details: faults.details };
};
