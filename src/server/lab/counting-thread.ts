/**
 * A thread of experiment 5: plays its share of the messages over the lossy link and counts what arrives in a counter
 * that all threads share: with one atomic operation, or by reading it, adding one and writing it back, as who knows
 * nothing of threads would. Nothing is done to make the second go wrong.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { cross, defaultSettings } from '../../lab/index.ts';
import { stepBack } from '../thread-priority.ts';
import { type CountingDone, type CountingMemory, type CountingShare, places } from './counting-memory.ts';

/** How many messages are played between two looks at whether to stop. */
const glanceEvery = 4_096;

const { counter, control, yields } = workerData as CountingMemory;
const shared = new Int32Array(counter);
const flags = new Int32Array(control);

const arrives = (seed: number, message: number): boolean =>
  !cross(defaultSettings, seed, { message, attempt: 0, direction: 'data', subscriber: 0 }).lost;

const countAtomically = (into: Int32Array, seed: number, from: number, to: number): number => {
  let delivered = 0;
  for (let message = from; message < to; message++) {
    if (!arrives(seed, message)) continue;
    delivered++;
    Atomics.add(into, 0, 1);
  }
  return delivered;
};

const countPlainly = (into: Int32Array, seed: number, from: number, to: number): number => {
  let delivered = 0;
  for (let message = from; message < to; message++) {
    if (!arrives(seed, message)) continue;
    delivered++;
    into[0] = into[0]! + 1;
  }
  return delivered;
};

const ways = { atomic: countAtomically, plain: countPlainly } as const;

/** Waits until all threads of this run are here. */
const meet = (threads: number, round: number): void => {
  if (Atomics.add(flags, places.arrived, 1) + 1 === threads) {
    Atomics.store(flags, places.arrived, 0);
    Atomics.store(flags, places.round, round);
    Atomics.notify(flags, places.round);
    return;
  }
  for (let now = Atomics.load(flags, places.round); now !== round; now = Atomics.load(flags, places.round)) {
    Atomics.wait(flags, places.round, now);
  }
};

const run = ({ atomic, seed, from, count, threads, round }: CountingShare): CountingDone => {
  const way = atomic ? ways.atomic : ways.plain;
  meet(threads, round);
  const before = process.threadCpuUsage();
  const beganNs = process.hrtime.bigint();
  let delivered = 0;
  for (let at = from; at < from + count && Atomics.load(flags, places.stop) === 0; at += glanceEvery) {
    delivered += way(shared, seed, at, Math.min(from + count, at + glanceEvery));
  }
  const endedNs = process.hrtime.bigint();
  const { user, system } = process.threadCpuUsage(before);
  return { delivered, beganNs, endedNs, cpuUs: user + system };
};

if (yields) stepBack(19);
// Both ways are compiled before anything is measured; what this counts is thrown away.
const scratch = new Int32Array(new SharedArrayBuffer(4));
for (const way of Object.values(ways)) for (let turn = 0; turn < 20; turn++) way(scratch, 0, 0, glanceEvery);
parentPort!.on('message', (share: CountingShare) => parentPort!.postMessage(run(share)));
parentPort!.postMessage('ready');
