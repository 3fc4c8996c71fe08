/** The SHA-256 of a file, by a worker of its own. `crypto.subtle` will not do: it is missing on plain HTTP, and wants all at once. */
import type { HashAnswer } from './hash-worker.ts';

const triesMax = 4;
const retryMs = 1_500;

const once = (file: Blob, signal: AbortSignal): Promise<HashAnswer | 'no-worker'> =>
  new Promise((resolve) => {
    const worker = new Worker(new URL('./hash-worker.ts', import.meta.url), { type: 'module' });
    const end = (answer: HashAnswer | 'no-worker') => {
      worker.terminate();
      resolve(answer);
    };
    worker.onmessage = ({ data }: MessageEvent<HashAnswer>) => end(data);
    worker.onerror = () => end('no-worker');
    signal.addEventListener('abort', () => end({ sha256: null }), { once: true });
    worker.postMessage(file);
  });

/** Hexadecimal; null when the file cannot be read. `signal` gives it up. */
export const hashOf = async (file: Blob, signal: AbortSignal): Promise<string | null> => {
  for (let tries = 1; !signal.aborted; tries++) {
    const answer = await once(file, signal);
    if (answer !== 'no-worker') return answer.sha256;
    // The server that has the worker's code may just have died; another one answers soon.
    if (tries === triesMax) return null;
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
  return null;
};
