/**
 * A thread of the pool: does what it is given, one thing after the other, with the lowest priority. Times are in memory
 * that threads share: the parts of a row are put together in a thread too, and nothing of them is copied in between.
 */
import { parentPort } from 'node:worker_threads';
import { type BatchPart, playPart, rowOfParts, type Totals, type Variant } from '../../lab/index.ts';
import type { LabRow } from '../../protocol/index.ts';
import { stepBack } from '../thread-priority.ts';

/** What a thread is given. */
export type Work =
  | { readonly what: 'part'; readonly part: BatchPart }
  | {
      readonly what: 'row';
      readonly experiment: number;
      readonly variant: Variant;
      readonly seed: number;
      /** In the order of their messages. */
      readonly parts: readonly Totals[];
    };

/** What comes of it. */
export type WorkDone =
  | { readonly what: 'part'; readonly totals: Totals }
  | { readonly what: 'row'; readonly row: LabRow };

const inSharedMemory = (times: Float64Array): Float64Array => {
  const shared = new Float64Array(new SharedArrayBuffer(times.byteLength));
  shared.set(times);
  return shared;
};

const done = (work: Work): WorkDone => {
  if (work.what === 'row') {
    return { what: 'row', row: rowOfParts(work.experiment, work.variant, work.seed, work.parts) };
  }
  const { latenciesMs, confirmationsMs, slotsMs, ...totals } = playPart(work.part);
  const times = { latenciesMs, confirmationsMs, slotsMs };
  for (const [name, of] of Object.entries(times)) Object.assign(times, { [name]: inSharedMemory(of) });
  return { what: 'part', totals: { ...totals, ...times } };
};

stepBack(19);
parentPort!.on('message', (work: Work) => parentPort!.postMessage(done(work)));
