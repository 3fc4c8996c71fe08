/** A thread of `estafet sim`: runs the seeds it is given, and answers with what came of each. */
import { parentPort } from 'node:worker_threads';
import { simulate } from '../log/embedded/simulator/index.ts';

parentPort?.on('message', (seed: number) => parentPort?.postMessage(simulate(seed)));
