/** A thread of the pool: plays the parts it is given, one after the other, with the lowest priority. */
import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { type BatchPart, playPart, type Totals } from '../../lab/index.ts';

// On Linux this is the thread's own; elsewhere it would be the whole server's, whose clients come first.
if (process.platform === 'linux') setPriority(19);

parentPort!.on('message', (part: BatchPart) => {
  const totals: Totals = playPart(part);
  parentPort!.postMessage(totals, [totals.latenciesMs.buffer, totals.confirmationsMs.buffer] as ArrayBuffer[]);
});
