/** The SHA-256 of a file, by a worker of its own. `crypto.subtle` will not do: it is missing on plain HTTP, and wants all at once. */
import type { HashAnswer } from './hash-worker.ts';

/** Hexadecimal; null when the file cannot be read. `signal` gives it up. */
export const hashOf = (file: Blob, signal: AbortSignal): Promise<string | null> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve(null);
    const worker = new Worker(new URL('./hash-worker.ts', import.meta.url), { type: 'module' });
    const end = (sha256: string | null) => {
      worker.terminate();
      resolve(sha256);
    };
    worker.onmessage = ({ data }: MessageEvent<HashAnswer>) => end(data.sha256);
    worker.onerror = () => end(null);
    signal.addEventListener('abort', () => end(null), { once: true });
    worker.postMessage(file);
  });
